package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * 8-bit floating point with 4 exponent bits, one scale for the whole tensor.
 *
 * @param observerMethod how the range is found; unset by default, see {@link PerTensorSpec#observerMethod}
 * @param symmetric whether the zero point is 0; unset by default, see {@link PerTensorSpec#symmetric}
 * @param scaleType the numbers that a scale may take; unset by default, see {@link PerTensorSpec#scaleType}
 * @param roundMethod how scaled values become codes; unset by default, see {@link PerTensorSpec#roundMethod}
 * @param isDynamic whether the scale is found anew for each tensor that passes; unset by default, see {@link PerTensorSpec#isDynamic}
 */
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
