package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** Unsigned 4-bit integers, one scale per group. */
public record Uint4PerGroupSpec(
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Integer chAxis,
        @Nullable Boolean isDynamic,
        @Nullable Integer groupSize)
        implements PerGroupSpec {
    @Override
    public Dtype dtype() {
        return Dtype.UINT4;
    }

    /** All settings unset. */
    public static Builder<Uint4PerGroupSpec> builder() {
        return new Builder<>(Uint4PerGroupSpec::new);
    }
}
