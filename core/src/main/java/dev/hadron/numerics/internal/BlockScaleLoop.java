package dev.hadron.numerics.internal;

import dev.hadron.numerics.MxScale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The scales of many blocks at a time. Arrays are padded as {@link Lanes} says. */
final class BlockScaleLoop {
    private static final int SMALLEST_EXPONENT = Float.floatToRawIntBits(0x1p-127f);
    private static final int LARGEST_EXPONENT = 254;

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
        float least = bounds.least();
        float greatest = bounds.greatest();
        float most = bounds.most();
        boolean zero = bounds.zero();
        for (int i = 0; i < blocks; i += Lanes.COUNT) {
            FloatVector step = FloatVector.fromArray(Lanes.FLOATS, scales, i).mul(stepOfOne);
            FloatVector largest = IntVector.fromArray(Lanes.INTS, magnitudes, i).reinterpretAsFloats();
            VectorMask<Float> isZero = step.eq(0f);
            VectorMask<Float> within = step.compare(VectorOperators.GE, least)
                    .and(step.compare(VectorOperators.LE, greatest))
                    .and(largest.compare(VectorOperators.LE, step.mul(most)));
            VectorMask<Float> good = zero ? within.or(isZero) : within;
            outside |= ~good.toLong() & blocksOfVector(blocks - i);
            FloatVector divisor = step.blend(Float.POSITIVE_INFINITY, isZero);
            divisor.intoArray(steps, i);
            one.div(divisor).intoArray(reciprocals, i);
        }
        return outside == 0;
    }

    /** Within which a loop over elements is exact. */
    record Bounds(float least, float greatest, float most, boolean zero) {}

    private static long blocksOfVector(int rest) {
        return rest >= Lanes.COUNT ? (1L << Lanes.COUNT) - 1 : (1L << rest) - 1;
    }
}
