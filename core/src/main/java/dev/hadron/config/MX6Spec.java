package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import org.jspecify.annotations.Nullable;

/**
 * 5-bit integers in blocks under an exponent, pairs under a bit that halves it.
 *
 * @param chAxis the axis that blocks run along; −1, the last, by default
 * @param blockSize how many elements share an exponent; 32 by default
 * @param isDynamic whether exponents are found anew for each tensor that passes; true by default
 */
public record MX6Spec(int chAxis, int blockSize, @Nullable Boolean isDynamic) implements BlockSpec {
    @Override
    public Dtype dtype() {
        return Dtype.MX6;
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a specification. */
    public static final class Builder extends BlockSpec.Settings<MX6Spec, Builder> {
        private Builder() {}

        /** How many elements share an exponent. */
        public Builder blockSize(int value) {
            blockSize = value;
            return this;
        }

        @Override
        public MX6Spec build() {
            return new MX6Spec(chAxis, blockSize, isDynamic);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
