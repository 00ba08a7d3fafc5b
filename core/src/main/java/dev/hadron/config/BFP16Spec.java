package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * Block floating point: 8-bit integers in blocks of 8 under an exponent.
 *
 * @param isDynamic whether exponents are found anew for each tensor that passes; true by default
 * @param chAxis the axis that blocks run along; −1, the last, by default
 */
public record BFP16Spec(@Nullable Boolean isDynamic, int chAxis) implements BlockSpec {
    /** How many elements share an exponent. */
    public static final int BLOCK_SIZE = 8;

    @Override
    public Dtype dtype() {
        return Dtype.BFP16;
    }

    @Override
    public int blockSize() {
        return BLOCK_SIZE;
    }

    @Override
    public QuantizationSpec toQuantizationSpec() {
        return BlockSpec.super.toQuantizationSpec().toBuilder()
                .observerCls(ObserverType.PER_BLOCK_BFP)
                .symmetric(true)
                .scaleType(ScaleType.FLOAT)
                .build();
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a specification. */
    public static final class Builder extends BlockSpec.Settings<BFP16Spec, Builder> {
        private Builder() {}

        @Override
        public BFP16Spec build() {
            return new BFP16Spec(isDynamic, chAxis);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
