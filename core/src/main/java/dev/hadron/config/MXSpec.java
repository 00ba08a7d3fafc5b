package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import org.jspecify.annotations.Nullable;

/**
 * OCP microscaling: blocks of small elements under a power of two (E8M0).
 *
 * @param mxElementDtype the type of an element; {@link Dtype#FP8_E4M3} by default. {@link Dtype#FP8_E5M2}, {@link
 *     Dtype#FP6_E3M2}, {@link Dtype#FP6_E2M3}, {@link Dtype#FP4} and {@link Dtype#INT8} are the others; {@link SpecRules}
 *     refuses the rest
 * @param chAxis the axis that blocks run along; −1, the last, by default
 * @param blockSize how many elements share a scale; 32 by default
 * @param isDynamic whether scales are found anew for each tensor that passes; true by default
 * @param scaleCalculationMode how a block finds its power of two; unset by default, which is {@link MxScaleMode#FLOOR}
 */
public record MXSpec(
        Dtype mxElementDtype,
        int chAxis,
        int blockSize,
        @Nullable Boolean isDynamic,
        @Nullable MxScaleMode scaleCalculationMode)
        implements BlockSpec {
    @Override
    public Dtype dtype() {
        return Dtype.MX;
    }

    @Override
    public QuantizationSpec toQuantizationSpec() {
        return BlockSpec.super.toQuantizationSpec().toBuilder()
                .mxElementDtype(mxElementDtype)
                .scaleCalculationMode(scaleCalculationMode)
                .build();
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a specification. */
    public static final class Builder extends BlockSpec.Settings<MXSpec, Builder> {
        private Dtype mxElementDtype = Dtype.FP8_E4M3;
        private @Nullable MxScaleMode scaleCalculationMode;

        private Builder() {}

        /** The type of an element. */
        public Builder mxElementDtype(Dtype value) {
            mxElementDtype = value;
            return this;
        }

        /** How many elements share a scale. */
        public Builder blockSize(int value) {
            blockSize = value;
            return this;
        }

        /** How a block finds its power of two. */
        public Builder scaleCalculationMode(@Nullable MxScaleMode value) {
            scaleCalculationMode = value;
            return this;
        }

        @Override
        public MXSpec build() {
            return new MXSpec(mxElementDtype, chAxis, blockSize, isDynamic, scaleCalculationMode);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
