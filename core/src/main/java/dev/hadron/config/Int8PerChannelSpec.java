package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** Signed 8-bit integers, one scale per channel. */
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
