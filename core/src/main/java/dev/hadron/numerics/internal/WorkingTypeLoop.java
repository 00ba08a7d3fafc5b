package dev.hadron.numerics.internal;

import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link WorkingType#round} over arrays: half a step of the last bit kept is added to the pattern, less one where that bit is
 * even, and the bits below are cleared. A carry into the exponent is right.
 */
final class WorkingTypeLoop {
    private static final int SMALLEST_NORMAL_HALF = Float.floatToRawIntBits(0x1p-14f);
    private static final int HALF_OVERFLOW = Float.floatToRawIntBits(0x1p16f);

    private WorkingTypeLoop() {}

    /** In place. */
    static void round(WorkingType type, float[] x, int from, int count) {
        switch (type) {
            case FLOAT32 -> {}
            case BFLOAT16 -> toBfloat16(x, from, count);
            case FLOAT16 -> toFloat16(x, from, count);
        }
    }

    private static void toBfloat16(float[] x, int from, int count) {
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            IntVector bits = value.reinterpretAsInts();
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            bits.add(0x7FFF)
                    .add(odd)
                    .and(0xFFFF_0000)
                    .blend(Patterns.NAN, value.test(VectorOperators.IS_NAN).cast(Lanes.INTS))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }

    private static void toFloat16(float[] x, int from, int count) {
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            IntVector bits = FloatVector.fromArray(Lanes.FLOATS, x, i).reinterpretAsInts();
            IntVector magnitude = bits.and(Patterns.MAGNITUDE);
            IntVector odd = magnitude.lanewise(VectorOperators.LSHR, 13).and(1);
            IntVector normal = magnitude.add(0xFFF).add(odd).and(-1 << 13);
            // The last bit of 0.5 is worth 2^-24, the step of subnormal halves.
            IntVector subnormal =
                    magnitude.reinterpretAsFloats().add(0.5f).sub(0.5f).reinterpretAsInts();
            normal.blend(Patterns.INFINITY, normal.compare(VectorOperators.GE, HALF_OVERFLOW))
                    .blend(subnormal, magnitude.lt(SMALLEST_NORMAL_HALF))
                    .blend(Patterns.NAN, magnitude.compare(VectorOperators.GT, Patterns.INFINITY))
                    .or(bits.and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }
}
