package dev.hadron.numerics.internal;

import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BlockElementQuantizer;
import java.util.Arrays;

/**
 * {@link BlockElementQuantizer} over arrays, under a step for each element, so that one loop goes over many short blocks.
 *
 * <p>A number is divided by a power of two as it is multiplied with the reciprocal, which is exact.
 */
final class BlockLoop implements ElementLoop {
    private final CodeLoop codeLoop;
    private final WorkingType workingType;
    private final boolean powersOfTwo;
    private final BlockScaleLoop.Bounds bounds;
    private float[] divisors = {};
    private float[] factors = {};
    private int[] zeroPoints = {};
    private float[] steps = {};
    private float[] reciprocals = {};
    private float[] scratch = {};

    /** For quantizers that differ from this one in their steps, all of which may be powers of two. */
    BlockLoop(BlockElementQuantizer like, boolean powersOfTwo) {
        this.powersOfTwo = powersOfTwo;
        codeLoop = CodeLoop.of(like.element(), like.lowest(), like.highest(), like.signedZero());
        workingType = like.workingType();
        boolean floats = codeLoop instanceof FloatCodeLoop;
        float most = floats ? Float.POSITIVE_INFINITY : StepCodeLoop.LARGEST;
        if (!powersOfTwo) {
            bounds =
                    new BlockScaleLoop.Bounds(0x1p-80f, 0x1p-80f, 0x1p80f, Math.min(most, 0x1p40f), !like.signedZero());
        } else if (floats) {
            // A format's numbers times the step, and what rounds numbers to them, are normal.
            bounds = new BlockScaleLoop.Bounds(0x1p-80f, 0x1p-127f, 0x1p80f, most, false);
        } else {
            bounds = new BlockScaleLoop.Bounds(0x1p-127f, 0x1p-127f, 0x1p127f, most, false);
        }
    }

    /** Tells all runs, of which none has a step that isn't a power of two where all shall be; whether every one is covered. */
    boolean runs(float[] scales, float stepOfOne, int[] magnitudes, int runs) {
        return BlockScaleLoop.steps(scales, stepOfOne, magnitudes, bounds, divisors, factors, runs);
    }

    /** Makes room for that many elements. */
    void prepareElements(int count) {
        steps = Lanes.grown(steps, count);
        scratch = Lanes.grown(scratch, count);
        reciprocals = Lanes.grown(reciprocals, count);
    }

    /** The step of a run of elements; runs are told in order, and after {@link #prepareElements}. */
    void step(float step, int from, int length) {
        float reciprocal = step == 0f ? 0f : 1f / step;
        int end = from + length;
        ScalingLoop.fill(steps, step, from, end);
        ScalingLoop.fill(reciprocals, reciprocal, from, end);
    }

    @Override
    public boolean covers(float step, float zeroPoint, float largest) {
        float least = largest == 0f ? bounds.leastOfZeros() : bounds.least();
        boolean within = step >= least && step <= bounds.greatest() && largest <= step * bounds.most();
        return (within && (!powersOfTwo || isPowerOfTwo(step))) || (step == 0f && bounds.zero());
    }

    @Override
    public void prepare(int runs) {
        divisors = Lanes.grown(divisors, runs);
        factors = Lanes.grown(factors, runs);
        zeroPoints = new int[divisors.length];
    }

    @Override
    public boolean quantizesRuns(Tile x, CodeTile target) {
        return powersOfTwo || codeLoop instanceof FloatCodeLoop;
    }

    @Override
    public boolean run(float step, float zeroPoint, int run) {
        divisors[run] = step == 0f ? Float.POSITIVE_INFINITY : step;
        factors[run] = 1f / divisors[run];
        return true;
    }

    @Override
    public void quantizeRuns(Spread spread, Tile x, CodeTile target, int from, int count) {
        switch (codeLoop) {
            case FloatCodeLoop floats ->
                floats.encode(spread, divisors, factors, powersOfTwo, false, x, target, from, count);
            case WholeCodeLoop wholes -> wholes.encode(spread, factors, zeroPoints, x, target, from, count);
        }
    }

    /** Fake-quantizes elements from 0 on, in place, each under its step. */
    void fakeQuantize(float[] x, int count) {
        scale(x, x, count);
        codeLoop.round(x, 0, count);
        ScalingLoop.multiply(x, steps, x, count);
        WorkingTypeLoop.round(workingType, x, 0, count);
    }

    /** The codes of elements from 0 on, each under its step. */
    void quantize(float[] x, CodeTile codes, int count) {
        scale(x, scratch, count);
        codeLoop.encode(scratch, codes, 0, count);
    }

    /** The numbers of codes from 0 on, each under its step. */
    void dequantize(byte[] codes, float[] y, int count) {
        codeLoop.decode(codes, 0, y, 0, count);
        ScalingLoop.multiply(y, steps, y, count);
    }

    @Override
    public void fakeQuantize(float step, float zeroPoint, float[] x, int from, float[] y, int to, int count) {
        prepareElements(count);
        step(step, 0, count);
        float[] elements = Arrays.copyOfRange(x, from, from + count + Lanes.PADDING);
        fakeQuantize(elements, count);
        System.arraycopy(elements, 0, y, to, count);
    }

    @Override
    public void quantize(float step, float zeroPoint, Tile x, CodeTile codes, int from, int count) {
        if (quantizesRuns(x, codes)) {
            prepare(1);
            run(step, zeroPoint, 0);
            quantizeRuns(Spread.SINGLE, x, codes, from, count);
            return;
        }
        prepareElements(count);
        step(step, 0, count);
        float[] elements = from == 0 ? x.floats() : Arrays.copyOfRange(x.floats(), from, from + count + Lanes.PADDING);
        scale(elements, scratch, count);
        codeLoop.encode(scratch, codes, from, count);
    }

    @Override
    public void dequantize(float step, float zeroPoint, byte[] codes, int from, float[] y, int to, int count) {
        codeLoop.decode(codes, from, y, to, count);
        ScalingLoop.multiply(y, to, step, count);
    }

    private void scale(float[] x, float[] y, int count) {
        if (powersOfTwo) {
            ScalingLoop.multiply(x, reciprocals, y, count);
        } else {
            ScalingLoop.divide(x, steps, reciprocals, y, count);
        }
    }

    static boolean isPowerOfTwo(float step) {
        int bits = Float.floatToRawIntBits(step);
        boolean normal = bits >= 1 << Patterns.FRACTION && bits < Patterns.INFINITY;
        return normal ? (bits & ~Patterns.INFINITY) == 0 : bits > 0 && Integer.bitCount(bits) == 1;
    }
}
