package dev.hadron.numerics.internal;

import dev.hadron.dtype.RoundType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The roundings that aren't half to even, over arrays: the nearest whole number is found first, then moved by one where the
 * rest says so. A zero has the number's sign. Beyond 2^22 the result is no more than near the number; all ranges of codes end long before.
 */
final class RoundLoop {
    private RoundLoop() {}

    /** {@code y = round(x * factor)}. */
    static void round(RoundType rounding, float factor, float[] x, int from, float[] y, int to, int count) {
        switch (rounding) {
            case ROUND -> awayFromZero(factor, x, from, y, to, count);
            case FLOOR -> down(factor, x, from, y, to, count);
            case HALF_EVEN -> throw new IllegalArgumentException("halves to even need no pass of their own");
        }
    }

    private static void awayFromZero(float factor, float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, from + i).mul(factor);
            FloatVector nearest = value.add(Patterns.SHIFT).sub(Patterns.SHIFT);
            FloatVector rest = value.sub(nearest);
            // A half that went towards zero, to the even neighbour, has left a rest with the sign of the number.
            VectorMask<Float> up = rest.eq(0.5f).and(value.compare(VectorOperators.GT, 0f));
            VectorMask<Float> down = rest.eq(-0.5f).and(value.lt(0f));
            nearest.lanewise(VectorOperators.ADD, 1f, up)
                    .lanewise(VectorOperators.SUB, 1f, down)
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(y, to + i);
        }
    }

    private static void down(float factor, float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, from + i).mul(factor);
            FloatVector nearest = value.add(Patterns.SHIFT).sub(Patterns.SHIFT);
            nearest.lanewise(VectorOperators.SUB, 1f, value.lt(nearest))
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(y, to + i);
        }
    }
}
