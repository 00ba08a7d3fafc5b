package dev.hadron.config;

import java.util.List;

/**
 * SmoothQuant (Xiao et al. 2022): moves the outliers of activations into weights.
 *
 * @param alpha how much of the difficulty moves, 0…1; 1 by default, 0.5 in the paper
 * @param scaleClampMin the smallest scale; 0.001 by default
 * @param scalingLayers where scales move; empty by default: from the model's architecture
 * @param modelDecoderLayers the path to the list of decoder layers, such as {@code model.layers}; empty by default: from the model's architecture
 * @param numAttentionHeads how many query heads a layer has; −1 by default: from the model's config.json
 * @param numKeyValueHeads how many key-value heads a layer has; −1 by default: from the model's config.json
 */
public record SmoothQuantConfig(
        double alpha,
        double scaleClampMin,
        List<ScalingLayer> scalingLayers,
        String modelDecoderLayers,
        int numAttentionHeads,
        int numKeyValueHeads)
        implements PreQuantOptConfig {
    /** Copies lists and refuses numbers that are none. */
    public SmoothQuantConfig {
        AlgoChecks.finite(alpha, "alpha", "smooth");
        AlgoChecks.finite(scaleClampMin, "scale_clamp_min", "smooth");
        scalingLayers = List.copyOf(scalingLayers);
    }

    @Override
    public String name() {
        return "smooth";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private double alpha = 1;
        private double scaleClampMin = 1e-3;
        private List<ScalingLayer> scalingLayers = List.of();
        private String modelDecoderLayers = "";
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** How much of the difficulty moves, 0…1. */
        public Builder alpha(double value) {
            alpha = value;
            return this;
        }

        /** The smallest scale. */
        public Builder scaleClampMin(double value) {
            scaleClampMin = value;
            return this;
        }

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
        public SmoothQuantConfig build() {
            return new SmoothQuantConfig(
                    alpha, scaleClampMin, scalingLayers, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
