package dev.hadron.numerics.internal;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;

/**
 * An {@link dev.hadron.numerics.ElementQuantizer} over arrays, bit for bit. Scale and zero point come with each call, so that
 * one loop serves all runs of a tensor. Arrays are padded as {@link Lanes} says.
 */
sealed interface ElementLoop permits IntegerLoop, FloatingLoop {
    /** The loop of that format. */
    static ElementLoop of(NumberFormat format, RoundType rounding, WorkingType workingType) {
        return switch (format) {
            case IntFormat integer -> new IntegerLoop(integer, rounding, workingType);
            case FloatFormat floating -> new FloatingLoop(floating, workingType);
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no scale");
            case BlockFormat block -> throw new IllegalArgumentException(block + " has a loop of its own");
        };
    }

    /** {@link dev.hadron.numerics.ElementQuantizer#fakeQuantize} of each element. */
    void fakeQuantize(float scale, int zeroPoint, float[] x, int from, float[] y, int to, int count);

    /** {@link dev.hadron.numerics.ElementQuantizer#storedCode} of each element, one a byte. */
    void quantize(float scale, int zeroPoint, float[] x, int from, byte[] codes, int to, int count);

    /** {@link dev.hadron.numerics.ElementQuantizer#decode} of each code. */
    void dequantize(float scale, int zeroPoint, byte[] codes, float[] y, int count);
}
