package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * Signed 8-bit integers, one scale per channel.
 *
 * @param symmetric whether the zero point is 0; unset by default, see {@link PerChannelSpec#symmetric}
 * @param scaleType the numbers that a scale may take; unset by default, see {@link PerChannelSpec#scaleType}
 * @param roundMethod how scaled values become codes; unset by default, see {@link PerChannelSpec#roundMethod}
 * @param chAxis the axis of the channels; unset by default, see {@link PerChannelSpec#chAxis}
 * @param isDynamic whether the scales are found anew for each tensor that passes; unset by default, see {@link PerChannelSpec#isDynamic}
 */
public record Int8PerChannelSpec(
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Integer chAxis,
        @Nullable Boolean isDynamic)
        implements PerChannelSpec {
    @Override
    public Dtype dtype() {
        return Dtype.INT8;
    }

    /** All settings unset. */
    public static Builder<Int8PerChannelSpec> builder() {
        return new Builder<>(Int8PerChannelSpec::new);
    }
}
