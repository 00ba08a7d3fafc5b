package dev.hadron.config;

import java.util.List;

/**
 * GPTQ (Frantar et al. 2022): quantizes column by column, each making up for the error of those before.
 *
 * @param dampPercent the share of the Hessian's mean diagonal that is added to it, 0…1; 0.01 by default
 * @param descAct whether the columns with the largest inputs come first; true by default
 * @param staticGroups whether the scales of groups are found before any column changes; true by default
 * @param trueSequential whether the layers of a step see inputs that the steps before have quantized; true by default
 * @param blockSize how many columns change before the rest is brought up to date; positive, 128 by default. Changes speed, and results by rounding only
 * @param insideLayerModules the linear layers of a decoder layer, in order; empty by default: from the model's architecture
 * @param modelDecoderLayers the path to the list of decoder layers, such as {@code model.layers}; empty by default: from the model's architecture
 */
public record GPTQConfig(
        double dampPercent,
        boolean descAct,
        boolean staticGroups,
        boolean trueSequential,
        int blockSize,
        List<String> insideLayerModules,
        String modelDecoderLayers)
        implements AlgoConfig {
    /** Copies lists and refuses numbers that are none. */
    public GPTQConfig {
        AlgoChecks.finite(dampPercent, "damp_percent", "gptq");
        AlgoChecks.positive(blockSize, "block_size", "gptq");
        insideLayerModules = List.copyOf(insideLayerModules);
    }

    @Override
    public String name() {
        return "gptq";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private double dampPercent = 0.01;
        private boolean descAct = true;
        private boolean staticGroups = true;
        private boolean trueSequential = true;
        private int blockSize = 128;
        private List<String> insideLayerModules = List.of();
        private String modelDecoderLayers = "";

        private Builder() {}

        /** The share of the Hessian's mean diagonal that is added to it, 0…1. */
        public Builder dampPercent(double value) {
            dampPercent = value;
            return this;
        }

        /** Whether the columns with the largest inputs come first. */
        public Builder descAct(boolean value) {
            descAct = value;
            return this;
        }

        /** Whether the scales of groups are found before any column changes. */
        public Builder staticGroups(boolean value) {
            staticGroups = value;
            return this;
        }

        /** Whether the layers of a step see inputs that the steps before have quantized. */
        public Builder trueSequential(boolean value) {
            trueSequential = value;
            return this;
        }

        /** How many columns change before the rest is brought up to date. */
        public Builder blockSize(int value) {
            blockSize = value;
            return this;
        }

        /** The linear layers of a decoder layer, in order. */
        public Builder insideLayerModules(List<String> value) {
            insideLayerModules = value;
            return this;
        }

        /** The path to the list of decoder layers, such as {@code model.layers}. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** The settings. */
        public GPTQConfig build() {
            return new GPTQConfig(
                    dampPercent,
                    descAct,
                    staticGroups,
                    trueSequential,
                    blockSize,
                    insideLayerModules,
                    modelDecoderLayers);
        }
    }
}
