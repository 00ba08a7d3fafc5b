package dev.hadron.numerics.internal;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.numerics.BlockElementQuantizer;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.FloatZeroPointQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import dev.hadron.numerics.RangeScale;

/**
 * An {@link ElementQuantizer} over arrays, bit for bit. Scale and zero point come with each call, so that
 * one loop serves all runs of a tensor. Arrays are padded as {@link Lanes} says.
 */
sealed interface ElementLoop permits IntegerLoop, FloatZeroPointLoop, FloatingLoop, BlockLoop {
    /** The loop of all runs' quantizers. */
    static ElementLoop of(RangeScale formula) {
        return switch (formula.format()) {
            case IntFormat integer ->
                formula.hasFloatZeroPoint()
                        ? new FloatZeroPointLoop(integer, formula.rounding(), formula.workingType())
                        : new IntegerLoop(integer, formula.rounding(), formula.workingType());
            case FloatFormat floating -> new FloatingLoop(floating, formula.workingType());
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no scale");
            case BlockFormat block -> throw new IllegalArgumentException(block + " has a scale of its own form");
        };
    }

    /** The quantizer's loop. */
    static ElementLoop of(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer i -> new IntegerLoop(i.format(), i.rounding(), i.workingType());
            case FloatZeroPointQuantizer i -> new FloatZeroPointLoop(i.format(), i.rounding(), i.workingType());
            case FloatElementQuantizer f -> new FloatingLoop(f.format(), f.workingType());
            case BlockElementQuantizer b -> new BlockLoop(b, BlockLoop.isPowerOfTwo(b.step()));
        };
    }

    /** Its scale. */
    static float scale(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.scale();
            case FloatElementQuantizer floating -> floating.scale();
            case FloatZeroPointQuantizer integer -> integer.scale();
            case BlockElementQuantizer block -> block.step();
        };
    }

    /** Its zero point. */
    static float zeroPoint(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.zeroPoint();
            case FloatElementQuantizer unused -> 0f;
            case FloatZeroPointQuantizer integer -> integer.zeroPoint();
            case BlockElementQuantizer unused -> 0f;
        };
    }

    /** Whether the loop is exact for finite elements up to a magnitude: not under scales that no weights have. */
    boolean covers(float scale, float zeroPoint, float largest);

    /** {@link ElementQuantizer#fakeQuantize} of each element. */
    void fakeQuantize(float scale, float zeroPoint, float[] x, int from, float[] y, int to, int count);

    /** {@link ElementQuantizer#storedCode} of elements from {@code from} on, packed, from that code on; even for codes packed two a byte. */
    void quantize(float scale, float zeroPoint, Tile x, CodeTile codes, int from, int count);

    /** Makes room for so many runs to tell. */
    default void prepare(int runs) {}

    /** Whether there is one pass over many runs of such elements. */
    default boolean quantizesRuns(Tile x, CodeTile codes) {
        return false;
    }

    /**
     * Tells the scales of many runs at once; whether {@link #quantizeRuns} is for all of them, as it may be even if not.
     *
     * @param scales padded as {@link Lanes} says, as are zero points and the ends of ranges
     */
    default boolean runs(float[] scales, float[] zeroPoints, float[] mins, float[] maxs, int runs) {
        return false;
    }

    /** Tells the scale of one of many runs; whether {@link #quantizeRuns} is for it. */
    default boolean run(float scale, float zeroPoint, int run) {
        return false;
    }

    /** As {@link #quantize}, for the elements of all runs told. */
    default void quantizeRuns(Spread spread, Tile x, CodeTile codes, int from, int count) {
        throw new UnsupportedOperationException("runs are quantized one by one");
    }

    /** {@link ElementQuantizer#decode} of each code. */
    void dequantize(float scale, float zeroPoint, byte[] codes, int from, float[] y, int to, int count);
}
