package dev.hadron.config;

import java.util.List;

/**
 * Scales weights by how much their inputs matter, and searches the scales by the error of the output: Lin et al., "AWQ", MLSys 2024
 * (arXiv:2306.00978).
 *
 * @param scalingLayers which layers share a scale with which earlier operation; empty, the default, leaves it to the architecture
 * @param modelDecoderLayers the module that holds the decoder layers, such as {@code model.layers}; empty, the default, leaves it to the architecture
 * @param numAttentionHeads how many query heads there are; −1, the default, leaves it to the model
 * @param numKeyValueHeads how many key and value heads there are; −1, the default, leaves it to the model
 */
public record AWQConfig(
        List<ScalingLayer> scalingLayers, String modelDecoderLayers, int numAttentionHeads, int numKeyValueHeads)
        implements AlgoConfig {
    /** The name in configurations. */
    public static final String NAME = "awq";

    /** Copies the lists. */
    public AWQConfig {
        scalingLayers = List.copyOf(scalingLayers);
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
        private List<ScalingLayer> scalingLayers = List.of();
        private String modelDecoderLayers = "";
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** Which layers share a scale with which earlier operation. */
        public Builder scalingLayers(List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** The module that holds the decoder layers, such as {@code model.layers}. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** How many query heads there are. */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** How many key and value heads there are. */
        public Builder numKeyValueHeads(int value) {
            numKeyValueHeads = value;
            return this;
        }

        /** The configuration. */
        public AWQConfig build() {
            return new AWQConfig(scalingLayers, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
