package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * Unsigned 8-bit integers, one scale per channel.
 *
 * @param symmetric whether the zero point is 0; unset by default, see {@link PerChannelSpec#symmetric}
 * @param scaleType the numbers that a scale may take; unset by default, see {@link PerChannelSpec#scaleType}
 * @param roundMethod how scaled values become codes; unset by default, see {@link PerChannelSpec#roundMethod}
 * @param chAxis the axis of the channels; unset by default, see {@link PerChannelSpec#chAxis}
 * @param isDynamic whether the scales are found anew for each tensor that passes; unset by default, see {@link PerChannelSpec#isDynamic}
 */
public record Uint8PerChannelSpec(
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Integer chAxis,
        @Nullable Boolean isDynamic)
        implements PerChannelSpec {
    @Override
    public Dtype dtype() {
        return Dtype.UINT8;
    }

    /** All settings unset. */
    public static Builder<Uint8PerChannelSpec> builder() {
        return new Builder<>(Uint8PerChannelSpec::new);
    }
}
