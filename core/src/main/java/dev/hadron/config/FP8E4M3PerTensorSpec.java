package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** 8-bit floating point with 4 exponent bits, one scale for the whole tensor. */
public record FP8E4M3PerTensorSpec(
        @Nullable ObserverMethod observerMethod,
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Boolean isDynamic)
        implements PerTensorSpec {
    @Override
    public Dtype dtype() {
        return Dtype.FP8_E4M3;
    }

    /** All settings unset. */
    public static Builder<FP8E4M3PerTensorSpec> builder() {
        return new Builder<>(FP8E4M3PerTensorSpec::new);
    }
}
