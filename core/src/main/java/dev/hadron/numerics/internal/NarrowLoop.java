package dev.hadron.numerics.internal;

import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** float32 that was rounded to a type of 16 bits, in that type. Arrays are padded as {@link Lanes} says. */
final class NarrowLoop {
    private static final int REBIAS = (127 - 15) << 10;
    private static final int SMALLEST_NORMAL_HALF = Float.floatToRawIntBits(0x1p-14f);
    private static final int INFINITE_HALF = 0x7C00;

    private NarrowLoop() {}

    /** Rounds {@code x} in place and narrows it; NaN, which becomes the type's first quiet one, loses its sign in bfloat16. */
    static void narrow(WorkingType type, float[] x, short[] units, int count) {
        WorkingTypeLoop.round(type, x, 0, count);
        switch (type) {
            case BFLOAT16 -> bfloat16(x, units, count);
            case FLOAT16 -> float16(x, units, count);
            case FLOAT32 -> throw new IllegalArgumentException("float32 doesn't fit two bytes");
        }
    }

    private static void bfloat16(float[] x, short[] units, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector bits = FloatVector.fromArray(Lanes.FLOATS, x, i).reinterpretAsInts();
            ((ShortVector) bits.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, Lanes.SHORTS, 0))
                    .intoArray(units, i);
        }
    }

    private static void float16(float[] x, short[] units, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            IntVector bits = value.reinterpretAsInts();
            IntVector magnitude = bits.and(Patterns.MAGNITUDE);
            IntVector normal = magnitude.lanewise(VectorOperators.LSHR, 13).sub(REBIAS);
            // The last bit of 0.5 is worth 2^-24, the step of subnormal halves.
            IntVector subnormal = magnitude
                    .reinterpretAsFloats()
                    .add(0.5f)
                    .reinterpretAsInts()
                    .and(0x3FF);
            IntVector infinite =
                    magnitude.and(0x7F_FFFF).lanewise(VectorOperators.LSHR, 13).or(INFINITE_HALF);
            IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
            IntVector half = normal.blend(infinite, magnitude.compare(VectorOperators.GE, Patterns.INFINITY))
                    .blend(subnormal, magnitude.lt(SMALLEST_NORMAL_HALF))
                    .or(sign);
            ((ShortVector) half.convertShape(VectorOperators.I2S, Lanes.SHORTS, 0)).intoArray(units, i);
        }
    }
}
