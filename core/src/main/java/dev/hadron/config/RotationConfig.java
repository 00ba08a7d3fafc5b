package dev.hadron.config;

/**
 * Rotates the residual stream by a Hadamard matrix (R1), which spreads outliers.
 *
 * @param random whether the matrix has random signs; false by default
 * @param scalingLayers where the rotation enters and leaves; from the model's architecture by default
 */
public record RotationConfig(boolean random, RotationScaling scalingLayers) implements PreQuantOptConfig {
    @Override
    public String name() {
        return "rotation";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private boolean random = false;
        private RotationScaling scalingLayers = RotationScaling.FROM_ARCHITECTURE;

        private Builder() {}

        /** Whether the matrix has random signs. */
        public Builder random(boolean value) {
            random = value;
            return this;
        }

        /** Where the rotation enters and leaves. */
        public Builder scalingLayers(RotationScaling value) {
            scalingLayers = value;
            return this;
        }

        /** The settings. */
        public RotationConfig build() {
            return new RotationConfig(random, scalingLayers);
        }
    }
}
