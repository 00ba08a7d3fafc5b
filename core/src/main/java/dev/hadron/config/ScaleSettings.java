package dev.hadron.config;

import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all specifications with scales collect; each setting is unset at first.
 *
 * @param <S> what is built
 * @param <B> the builder itself
 */
public abstract sealed class ScaleSettings<S extends DataTypeSpec, B extends ScaleSettings<S, B>>
        permits PerTensorSpec.Builder, PerChannelSpec.Builder, PerGroupSpec.Builder, Uint4PerChannelSpec.Builder {
    @Nullable
    Boolean symmetric;

    @Nullable
    ScaleType scaleType;

    @Nullable
    RoundType roundMethod;

    @Nullable
    Boolean isDynamic;

    ScaleSettings() {}

    /** Whether the zero point is 0. */
    public final B symmetric(@Nullable Boolean value) {
        symmetric = value;
        return self();
    }

    /** The numbers that a scale may take: {@link ScaleType#FLOAT} or {@link ScaleType#POF2} in the Python API. */
    public final B scaleType(@Nullable ScaleType value) {
        scaleType = value;
        return self();
    }

    /** How scaled values become codes. */
    public final B roundMethod(@Nullable RoundType value) {
        roundMethod = value;
        return self();
    }

    /** Whether scales are found anew for each tensor that passes, instead of once in calibration. */
    public final B isDynamic(@Nullable Boolean value) {
        isDynamic = value;
        return self();
    }

    /** The specification. */
    public abstract S build();

    abstract B self();
}
