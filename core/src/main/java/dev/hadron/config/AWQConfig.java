package dev.hadron.config;

import java.util.List;

/**
 * Activation-aware weight quantization (Lin et al. 2023): scales weights by what their inputs weigh, and clips them.
 *
 * @param scalingLayers where scales move; empty by default: from the model's architecture
 * @param modelDecoderLayers the path to the list of decoder layers, such as {@code model.layers}; empty by default: from the model's architecture
 * @param numAttentionHeads how many query heads a layer has; −1 by default: from the model's config.json
 * @param numKeyValueHeads how many key-value heads a layer has; −1 by default: from the model's config.json
 */
public record AWQConfig(
        List<ScalingLayer> scalingLayers, String modelDecoderLayers, int numAttentionHeads, int numKeyValueHeads)
        implements AlgoConfig {
    /** Copies lists. */
    public AWQConfig {
        scalingLayers = List.copyOf(scalingLayers);
    }

    @Override
    public String name() {
        return "awq";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private List<ScalingLayer> scalingLayers = List.of();
        private String modelDecoderLayers = "";
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** Where scales move. */
        public Builder scalingLayers(List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** The path to the list of decoder layers, such as {@code model.layers}. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** How many query heads a layer has. */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** How many key-value heads a layer has. */
        public Builder numKeyValueHeads(int value) {
            numKeyValueHeads = value;
            return this;
        }

        /** The settings. */
        public AWQConfig build() {
            return new AWQConfig(scalingLayers, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
