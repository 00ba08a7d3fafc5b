package dev.hadron.numerics.internal;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.RangeScale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link RangeScale#parameters} of many runs at a time, for ranges that no operation on them takes out of float's. Arrays are padded as {@link Lanes} says. */
final class RangeScaleLoop {
    private static final float LARGEST_WIDTH = 0x1p120f;

    private final RangeScale formula;
    private final WorkingType type;
    private final float[] steps;
    private final float[] zeroPoints;

    RangeScaleLoop(RangeScale formula, int runs) {
        this.formula = formula;
        type = formula.workingType();
        steps = new float[runs + Lanes.PADDING];
        zeroPoints = new float[steps.length];
    }

    /** Whether the loop is for the formula: scales are of the working type, and zero points whole. */
    static boolean isFor(RangeScale formula) {
        return (formula.scaleType() == ScaleType.FLOAT || formula.scaleType() == ScaleType.FLOAT32)
                && !formula.hasFloatZeroPoint();
    }

    /** Whether a scale depends on nothing but the largest magnitude. */
    static boolean isOfMagnitude(RangeScale formula) {
        return formula.symmetric() || formula.format() instanceof FloatFormat;
    }

    /** The scales and zero points, unless a range is one that the definition must see. */
    boolean parameters(float[] mins, float[] maxs, int runs, float[] scales, float[] zeros, int at) {
        for (int run = 0; run < runs; run++) {
            if (!(maxs[run] - mins[run] < LARGEST_WIDTH)) {
                return false;
            }
        }
        switch (formula.format()) {
            case IntFormat integer -> {
                if (formula.symmetric()) {
                    symmetric(integer, mins, maxs, runs);
                } else {
                    asymmetric(integer, mins, maxs, runs);
                }
            }
            case FloatFormat floating -> floating(floating, mins, maxs, runs);
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        }
        System.arraycopy(steps, 0, scales, at, runs);
        System.arraycopy(zeroPoints, 0, zeros, at, runs);
        return true;
    }

    private void symmetric(IntFormat integer, float[] mins, float[] maxs, int runs) {
        float halfSpan = (integer.highest() - integer.lowest()) / 2f;
        magnitudes(mins, maxs, halfSpan, steps, runs);
        WorkingTypeLoop.round(type, steps, 0, runs);
        floor(type.round(RangeScale.EPSILON), steps, runs);
    }

    private void asymmetric(IntFormat integer, float[] mins, float[] maxs, int runs) {
        widths(mins, maxs, steps, runs);
        WorkingTypeLoop.round(type, steps, 0, runs);
        divide(steps, integer.highest() - integer.lowest(), runs);
        WorkingTypeLoop.round(type, steps, 0, runs);
        floor(type.round(RangeScale.EPSILON), steps, runs);
        quotients(mins, steps, zeroPoints, runs);
        WorkingTypeLoop.round(type, zeroPoints, 0, runs);
        wholes(integer.lowest(), integer.highest(), zeroPoints, runs);
    }

    private void floating(FloatFormat floating, float[] mins, float[] maxs, int runs) {
        magnitudes(mins, maxs, floating.max(), steps, runs);
        WorkingTypeLoop.round(type, steps, 0, runs);
        for (int run = 0; run < runs; run++) {
            float step = steps[run] == 0f ? type.minNormal() : Math.min(steps[run], type.max());
            steps[run] = mins[run] == 0f && maxs[run] == 0f ? 1f : step;
        }
    }

    private static void magnitudes(float[] mins, float[] maxs, float divisor, float[] steps, int runs) {
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector least = FloatVector.fromArray(Lanes.FLOATS, mins, i).abs();
            FloatVector most = FloatVector.fromArray(Lanes.FLOATS, maxs, i).abs();
            most.blend(least, least.compare(VectorOperators.GT, most))
                    .div(divisor)
                    .intoArray(steps, i);
        }
    }

    /** With zero in the range. */
    private static void widths(float[] mins, float[] maxs, float[] widths, int runs) {
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector least = FloatVector.fromArray(Lanes.FLOATS, mins, i);
            FloatVector most = FloatVector.fromArray(Lanes.FLOATS, maxs, i);
            most.blend(0f, most.compare(VectorOperators.LE, 0f))
                    .sub(least.blend(0f, least.compare(VectorOperators.GE, 0f)))
                    .intoArray(widths, i);
        }
    }

    private static void divide(float[] x, float divisor, int runs) {
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, i).div(divisor).intoArray(x, i);
        }
    }

    private static void floor(float smallest, float[] steps, int runs) {
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector step = FloatVector.fromArray(Lanes.FLOATS, steps, i);
            step.blend(smallest, step.compare(VectorOperators.LE, smallest)).intoArray(steps, i);
        }
    }

    private static void quotients(float[] mins, float[] steps, float[] quotients, int runs) {
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector least = FloatVector.fromArray(Lanes.FLOATS, mins, i);
            least.blend(0f, least.compare(VectorOperators.GE, 0f))
                    .div(FloatVector.fromArray(Lanes.FLOATS, steps, i))
                    .intoArray(quotients, i);
        }
    }

    private static void wholes(int lowest, int highest, float[] x, int runs) {
        FloatVector low = FloatVector.broadcast(Lanes.FLOATS, lowest);
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            FloatVector rounded = FloatVector.fromArray(Lanes.FLOATS, x, i)
                    .add(Patterns.SHIFT)
                    .sub(Patterns.SHIFT);
            low.sub(rounded).max(lowest).min(highest).intoArray(x, i);
        }
    }
}
