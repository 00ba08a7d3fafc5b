package dev.hadron.numerics.internal;

import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.MxScale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The scales of many blocks at a time. Arrays are padded as {@link Lanes} says. */
final class BlockScaleLoop {
    private static final int SMALLEST_EXPONENT = Float.floatToRawIntBits(0x1p-127f);
    private static final int LARGEST_EXPONENT = 254;

    private static final int FRACTION_MASK = (1 << Patterns.FRACTION) - 1;

    /** The fraction of 127.5, from which on rounding passes the largest 8-bit integer. */
    private static final int PASSES = Float.floatToRawIntBits(127.5f) & FRACTION_MASK;

    private BlockScaleLoop() {}

    /** {@link MxScale#scale} in mode {@code EVEN}, of the patterns of magnitudes. */
    static void even(MxScale formula, int[] magnitudes, float[] scales, int blocks) {
        int half = formula.roundingOfPattern();
        int below = formula.largestExponent();
        for (int i = 0; i < blocks; i += Lanes.COUNT) {
            IntVector exponent = IntVector.fromArray(Lanes.INTS, magnitudes, i)
                    .add(half)
                    .lanewise(VectorOperators.LSHR, Patterns.FRACTION)
                    .sub(below)
                    .min(LARGEST_EXPONENT);
            exponent.lanewise(VectorOperators.LSHL, Patterns.FRACTION)
                    .max(SMALLEST_EXPONENT)
                    .reinterpretAsFloats()
                    .intoArray(scales, i);
        }
    }

    /**
     * {@link BfpScale#scale} of the patterns of magnitudes, but not where it may not be a normal number of the working type, or rounding may pass the
     * largest element: {@code left} has a bit for each of those, the blocks of a vector to an element.
     *
     * @param nextPowers {@link BfpScale#nextPowers}
     * @param next room for one of these for each block
     */
    static void bfp(
            WorkingType type, int[] nextPowers, int[] magnitudes, int[] next, float[] scales, long[] left, int blocks) {
        int least = Patterns.BIAS - (type == WorkingType.FLOAT16 ? 14 : 120);
        int greatest = Patterns.BIAS + (type == WorkingType.FLOAT16 ? 15 : 120);
        for (int i = 0; i < blocks; i++) {
            next[i] = nextPowers[magnitudes[i] >>> Patterns.FRACTION];
        }
        for (int i = 0; i < blocks; i += Lanes.COUNT) {
            IntVector magnitude = IntVector.fromArray(Lanes.INTS, magnitudes, i);
            IntVector scale = magnitude
                    .lanewise(VectorOperators.LSHR, Patterns.FRACTION)
                    .sub(BfpScale.MAGNITUDE_BITS)
                    .lanewise(
                            VectorOperators.ADD,
                            1,
                            magnitude
                                    .and(FRACTION_MASK)
                                    .compare(VectorOperators.GE, IntVector.fromArray(Lanes.INTS, next, i)));
            VectorMask<Integer> good = scale.compare(VectorOperators.GE, least)
                    .and(scale.compare(VectorOperators.LE, greatest))
                    .and(magnitude.lt(scale.add(BfpScale.MAGNITUDE_BITS)
                            .lanewise(VectorOperators.LSHL, Patterns.FRACTION)
                            .add(PASSES)));
            scale.lanewise(VectorOperators.LSHL, Patterns.FRACTION)
                    .reinterpretAsFloats()
                    .intoArray(scales, i);
            left[i / Lanes.COUNT] = ~good.toLong() & Lanes.upTo(blocks - i);
        }
    }

    /**
     * The steps {@code scales * stepOfOne}, or infinity for 0, and their reciprocals; whether all of them are within bounds, as zeros may be by
     * {@code zero}, and no magnitude has more than {@code most} steps.
     */
    static boolean steps(
            float[] scales,
            float stepOfOne,
            int[] magnitudes,
            Bounds bounds,
            float[] steps,
            float[] reciprocals,
            int blocks) {
        long outside = 0;
        FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1f);
        FloatVector least = FloatVector.broadcast(Lanes.FLOATS, bounds.least());
        float leastOfZeros = bounds.leastOfZeros();
        float greatest = bounds.greatest();
        float most = bounds.most();
        boolean zero = bounds.zero();
        for (int i = 0; i < blocks; i += Lanes.COUNT) {
            FloatVector step = FloatVector.fromArray(Lanes.FLOATS, scales, i).mul(stepOfOne);
            FloatVector largest = IntVector.fromArray(Lanes.INTS, magnitudes, i).reinterpretAsFloats();
            VectorMask<Float> isZero = step.eq(0f);
            VectorMask<Float> within = step.compare(VectorOperators.GE, least.blend(leastOfZeros, largest.eq(0f)))
                    .and(step.compare(VectorOperators.LE, greatest))
                    .and(largest.compare(VectorOperators.LE, step.mul(most)));
            VectorMask<Float> good = zero ? within.or(isZero) : within;
            outside |= ~good.toLong() & Lanes.upTo(blocks - i);
            FloatVector divisor = step.blend(Float.POSITIVE_INFINITY, isZero);
            divisor.intoArray(steps, i);
            one.div(divisor).intoArray(reciprocals, i);
        }
        return outside == 0;
    }

    /**
     * Within which a loop over elements is exact.
     *
     * @param leastOfZeros the least step of a block without another number than zero
     */
    record Bounds(float least, float leastOfZeros, float greatest, float most, boolean zero) {}
}
