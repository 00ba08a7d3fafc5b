package dev.hadron.config;

import java.util.List;

/**
 * Quantizes column by column and lets the columns that are left make up for the error: Frantar et al., "GPTQ", ICLR 2023
 * (arXiv:2210.17323).
 *
 * @param dampPercent the share of the mean diagonal that is added to the diagonal of the Hessian, between 0 and 1; 0.01 by default
 * @param descAct whether columns are taken in the order of falling activations; true by default
 * @param staticGroups whether the scales of groups are found before any column is changed; true by default
 * @param trueSequential whether a module sees the inputs that the quantized earlier modules give; true by default
 * @param insideLayerModules the modules of a decoder layer, in order; empty, the default, leaves it to the architecture
 * @param modelDecoderLayers the module that holds the decoder layers, such as {@code model.layers}; empty, the default, leaves it to the architecture
 */
public record GPTQConfig(
        double dampPercent,
        boolean descAct,
        boolean staticGroups,
        boolean trueSequential,
        List<String> insideLayerModules,
        String modelDecoderLayers)
        implements AlgoConfig {
    /** The name in configurations. */
    public static final String NAME = "gptq";

    /** Copies the lists. */
    public GPTQConfig {
        insideLayerModules = List.copyOf(insideLayerModules);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings. */
    public static final class Builder {
        private double dampPercent = 0.01;
        private boolean descAct = true;
        private boolean staticGroups = true;
        private boolean trueSequential = true;
        private List<String> insideLayerModules = List.of();
        private String modelDecoderLayers = "";

        private Builder() {}

        /** The share of the mean diagonal that is added to the diagonal of the Hessian, between 0 and 1. */
        public Builder dampPercent(double value) {
            dampPercent = value;
            return this;
        }

        /** Whether columns are taken in the order of falling activations. */
        public Builder descAct(boolean value) {
            descAct = value;
            return this;
        }

        /** Whether the scales of groups are found before any column is changed. */
        public Builder staticGroups(boolean value) {
            staticGroups = value;
            return this;
        }

        /** Whether a module sees the inputs that the quantized earlier modules give. */
        public Builder trueSequential(boolean value) {
            trueSequential = value;
            return this;
        }

        /** The modules of a decoder layer, in order. */
        public Builder insideLayerModules(List<String> value) {
            insideLayerModules = value;
            return this;
        }

        /** The module that holds the decoder layers, such as {@code model.layers}. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** The configuration. */
        public GPTQConfig build() {
            return new GPTQConfig(
                    dampPercent, descAct, staticGroups, trueSequential, insideLayerModules, modelDecoderLayers);
        }
    }
}
