package dev.hadron.config;

import java.util.List;

/**
 * Rotates the residual stream by an orthogonal matrix that is folded into the weights, so that outliers spread over all channels.
 *
 * @param random whether the signs of the Hadamard matrix are random; false by default
 * @param scalingLayers which layers share a scale with which earlier operation; empty, the default, leaves it to the architecture
 */
public record RotationConfig(boolean random, List<ScalingLayer> scalingLayers) implements PreQuantOptConfig {
    /** The name in configurations. */
    public static final String NAME = "rotation";

    /** Copies the lists. */
    public RotationConfig {
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
        private boolean random;
        private List<ScalingLayer> scalingLayers = List.of();

        private Builder() {}

        /** Whether the signs of the Hadamard matrix are random. */
        public Builder random(boolean value) {
            random = value;
            return this;
        }

        /** Which layers share a scale with which earlier operation. */
        public Builder scalingLayers(List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** The configuration. */
        public RotationConfig build() {
            return new RotationConfig(random, scalingLayers);
        }
    }
}
