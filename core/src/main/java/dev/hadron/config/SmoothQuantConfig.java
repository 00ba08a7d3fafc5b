package dev.hadron.config;

import java.util.List;

/**
 * Moves what is hard to quantize from activations into weights, channel by channel: Xiao et al., "SmoothQuant", ICML 2023 (arXiv:2211.10438).
 *
 * @param alpha how much of the difficulty goes into the weights, from 0 to 1; 1 by default
 * @param scaleClampMin the smallest scale; 0.001 by default
 * @param scalingLayers which layers share a scale with which earlier operation; empty, the default, leaves it to the architecture
 * @param modelDecoderLayers the module that holds the decoder layers, such as {@code model.layers}; empty, the default, leaves it to the architecture
 * @param numAttentionHeads how many query heads there are; −1, the default, leaves it to the model
 * @param numKeyValueHeads how many key and value heads there are; −1, the default, leaves it to the model
 */
public record SmoothQuantConfig(
        double alpha,
        double scaleClampMin,
        List<ScalingLayer> scalingLayers,
        String modelDecoderLayers,
        int numAttentionHeads,
        int numKeyValueHeads)
        implements PreQuantOptConfig {
    /** The name in configurations. */
    public static final String NAME = "smooth";

    /** Copies the lists. */
    public SmoothQuantConfig {
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
        private double alpha = 1;
        private double scaleClampMin = 1e-3;
        private List<ScalingLayer> scalingLayers = List.of();
        private String modelDecoderLayers = "";
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** How much of the difficulty goes into the weights, from 0 to 1. */
        public Builder alpha(double value) {
            alpha = value;
            return this;
        }

        /** The smallest scale. */
        public Builder scaleClampMin(double value) {
            scaleClampMin = value;
            return this;
        }

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
        public SmoothQuantConfig build() {
            return new SmoothQuantConfig(
                    alpha, scaleClampMin, scalingLayers, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
