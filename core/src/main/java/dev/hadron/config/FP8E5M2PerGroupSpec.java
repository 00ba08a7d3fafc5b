package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * 8-bit floating point with 5 exponent bits, one scale per group.
 *
 * @param symmetric whether the zero point is 0; unset by default, see {@link PerGroupSpec#symmetric}
 * @param scaleType the numbers that a scale may take; unset by default, see {@link PerGroupSpec#scaleType}
 * @param roundMethod how scaled values become codes; unset by default, see {@link PerGroupSpec#roundMethod}
 * @param chAxis the axis that groups run along; unset by default, see {@link PerGroupSpec#chAxis}
 * @param isDynamic whether the scales are found anew for each tensor that passes; unset by default, see {@link PerGroupSpec#isDynamic}
 * @param groupSize how many elements share a scale; unset by default, see {@link PerGroupSpec#groupSize}
 */
public record FP8E5M2PerGroupSpec(
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Integer chAxis,
        @Nullable Boolean isDynamic,
        @Nullable Integer groupSize)
        implements PerGroupSpec {
    @Override
    public Dtype dtype() {
        return Dtype.FP8_E5M2;
    }

    /** All settings unset. */
    public static Builder<FP8E5M2PerGroupSpec> builder() {
        return new Builder<>(FP8E5M2PerGroupSpec::new);
    }
}
