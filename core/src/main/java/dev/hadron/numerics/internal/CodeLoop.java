package dev.hadron.numerics.internal;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;

/** Numbers that were scaled, and their codes, over arrays without NaN that are padded as {@link Lanes} says. */
sealed interface CodeLoop permits FloatCodeLoop, WholeCodeLoop {
    /** For the elements of blocks; integers from {@code lowest} to {@code highest}. */
    static CodeLoop of(NumberFormat element, float lowest, float highest, boolean signedZero) {
        return switch (element) {
            case FloatFormat floating -> new FloatCodeLoop(floating, signedZero);
            case IntFormat integer -> new WholeCodeLoop(integer, (int) lowest, (int) highest, signedZero);
            case HalfFormat half -> throw new IllegalArgumentException(half.toString());
            case BlockFormat block -> throw new IllegalArgumentException(block.toString());
        };
    }

    /** The nearest number that has a code, in place. */
    void round(float[] x, int from, int count);

    /** The codes of the first {@code count} numbers, from code {@code to} on. */
    void encode(float[] x, CodeTile codes, int to, int count);

    /** The number of each code. */
    void decode(byte[] codes, int from, float[] y, int to, int count);
}
