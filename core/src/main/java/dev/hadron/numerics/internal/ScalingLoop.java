package dev.hadron.numerics.internal;

import jdk.incubator.vector.FloatVector;

/** Products and quotients of arrays, padded as {@link Lanes} says. */
final class ScalingLoop {
    private ScalingLoop() {}

    /** The value, from one element to another and up to a vector beyond. */
    static void fill(float[] x, float value, int from, int to) {
        FloatVector all = FloatVector.broadcast(Lanes.FLOATS, value);
        for (int i = from; i < to; i += Lanes.COUNT) {
            all.intoArray(x, i);
        }
    }

    /** {@code x = x / first / second}. */
    static void divide(float[] x, float first, float second, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, i).div(first).div(second).intoArray(x, i);
        }
    }

    /** {@code x = x * factor}. */
    static void multiply(float[] x, int from, float factor, int count) {
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, i).mul(factor).intoArray(x, i);
        }
    }

    /** {@code y = x * factor}. */
    static void multiply(float[] x, float[] factor, float[] y, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, i)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, factor, i))
                    .intoArray(y, i);
        }
    }

    /**
     * {@code y = x / divisor}, correctly rounded, for normal divisors and quotients far from overflow, in a third of a division's time. A
     * quotient too small to matter to any format may err.
     *
     * <p>The remainder of an approximate quotient, times the reciprocal, corrects it. The first correction gives one of the two floats
     * next to the exact quotient, the second the nearer one, since the reciprocal is correctly rounded (Markstein, Computation of
     * elementary functions on the IBM RISC System/6000 processor, 1990, theorem 7).
     */
    static void divide(float divisor, float[] x, int from, float[] y, int to, int count) {
        FloatVector minus = FloatVector.broadcast(Lanes.FLOATS, -divisor);
        FloatVector reciprocal = FloatVector.broadcast(Lanes.FLOATS, 1f / divisor);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, from + i);
            FloatVector rough = value.mul(reciprocal);
            FloatVector near = rough.fma(minus, value).fma(reciprocal, rough);
            near.fma(minus, value)
                    .fma(reciprocal, near)
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(y, to + i);
        }
    }

    /** The same by a divisor for each element; divisor and reciprocal are 0 where the quotient shall be 0. */
    static void divide(float[] x, float[] divisor, float[] reciprocal, float[] y, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            FloatVector minus = FloatVector.fromArray(Lanes.FLOATS, divisor, i).neg();
            FloatVector inverse = FloatVector.fromArray(Lanes.FLOATS, reciprocal, i);
            FloatVector rough = value.mul(inverse);
            FloatVector near = rough.fma(minus, value).fma(inverse, rough);
            near.fma(minus, value)
                    .fma(inverse, near)
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(y, i);
        }
    }
}
