package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** 16-bit floats as float32, between memory outside the heap. Whole vectors are read and written. */
final class WidenLoop {
    private static final int EXPONENT_OF_HALF = 0x7C00;
    private static final int REBIAS = (127 - 15) << 23;
    private static final int ONE_HALF = Float.floatToRawIntBits(0.5f);

    private WidenLoop() {}

    static void bfloat16(MemorySegment source, long from, MemorySegment target, long to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector unit = (IntVector)
                    ShortVector.fromMemorySegment(Lanes.SHORTS, source, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0);
            unit.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .intoMemorySegment(target, to + 4L * i, ByteOrder.LITTLE_ENDIAN);
        }
    }

    static void float16(MemorySegment source, long from, MemorySegment target, long to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector half = (IntVector)
                    ShortVector.fromMemorySegment(Lanes.SHORTS, source, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0);
            IntVector magnitude = half.and(0x7FFF);
            IntVector normal = magnitude.lanewise(VectorOperators.LSHL, 13).add(REBIAS);
            IntVector special = normal.add(REBIAS);
            // The last bit of 0.5 is worth 2^-24, the step of subnormal halves.
            FloatVector subnormal = magnitude.or(ONE_HALF).reinterpretAsFloats().sub(0.5f);
            IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
            normal.blend(special, magnitude.compare(VectorOperators.GE, EXPONENT_OF_HALF))
                    .blend(subnormal.reinterpretAsInts(), magnitude.lt(0x400))
                    .or(sign)
                    .reinterpretAsFloats()
                    .intoMemorySegment(target, to + 4L * i, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
