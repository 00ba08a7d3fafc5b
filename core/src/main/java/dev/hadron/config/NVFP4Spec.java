package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import org.jspecify.annotations.Nullable;

/**
 * 4-bit floating point in blocks of 16 along the last axis, each under an FP8 (E4M3) scale, all under one float32 scale.
 *
 * @param isDynamic whether scales are found anew for each tensor that passes; unset is refused in use
 */
public record NVFP4Spec(@Nullable Boolean isDynamic) implements BlockSpec {
    /** How many elements share an FP8 scale. */
    public static final int BLOCK_SIZE = 16;

    @Override
    public Dtype dtype() {
        return Dtype.NVFP4;
    }

    @Override
    public int chAxis() {
        return -1;
    }

    @Override
    public int blockSize() {
        return BLOCK_SIZE;
    }
}
