package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What {@link StepCodeLoop} takes of scales and zero points, for many runs at a time. Arrays are padded as {@link Lanes} says. */
final class StepScaleLoop {
    private StepScaleLoop() {}

    /**
     * The reciprocals of scales, and the zero points for both halves of 32 bits; whether the loop is for all of these runs, and stored codes are
     * {@linkplain StableCodes stable} whatever the scale.
     *
     * @param mins the smallest elements of runs
     * @param maxs the largest
     */
    static boolean tell(
            IntFormat format,
            WorkingType type,
            float[] scales,
            float[] zeroPoints,
            float[] mins,
            float[] maxs,
            float[] factors,
            int[] both,
            int runs) {
        float lowest = format.lowest();
        float highest = format.highest();
        float stable = StableCodes.stableSteps(type);
        FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1f);
        long outside = 0;
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector scale = FloatVector.fromArray(Lanes.FLOATS, scales, i);
            FloatVector zero = FloatVector.fromArray(Lanes.FLOATS, zeroPoints, i);
            FloatVector most = scale.mul(StepCodeLoop.LARGEST);
            VectorMask<Float> good = scale.compare(VectorOperators.GE, StableCodes.SMALLEST_SCALE)
                    .and(scale.compare(VectorOperators.LE, StableCodes.LARGEST_SCALE))
                    .and(zero.compare(VectorOperators.GE, Math.max(lowest, highest - stable)))
                    .and(zero.compare(VectorOperators.LE, Math.min(highest, lowest + stable)))
                    .and(FloatVector.fromArray(Lanes.FLOATS, maxs, i).compare(VectorOperators.LE, most))
                    .and(FloatVector.fromArray(Lanes.FLOATS, mins, i).compare(VectorOperators.GE, most.neg()));
            outside |= ~good.toLong() & Lanes.upTo(runs - i);
            one.div(scale).intoArray(factors, i);
            IntVector whole = (IntVector) zero.convert(VectorOperators.F2I, 0);
            whole.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .or(whole.and(Patterns.LOWER_HALF))
                    .intoArray(both, i);
        }
        return outside == 0;
    }
}
