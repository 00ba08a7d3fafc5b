package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** Signed 8-bit integers, one scale for the whole tensor. */
public record Int8PerTensorSpec(
        @Nullable ObserverMethod observerMethod,
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Boolean isDynamic)
        implements PerTensorSpec {
    @Override
    public Dtype dtype() {
        return Dtype.INT8;
    }

    /** All settings unset. */
    public static Builder<Int8PerTensorSpec> builder() {
        return new Builder<>(Int8PerTensorSpec::new);
    }
}
