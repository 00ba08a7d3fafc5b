package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** 16-bit floats as float32. Arrays are padded as {@link Lanes} says. */
final class WidenLoop {
    private static final int EXPONENT_OF_HALF = 0x7C00;
    private static final int REBIAS = (127 - 15) << 23;
    private static final int ONE_HALF = Float.floatToRawIntBits(0.5f);

    private WidenLoop() {}

    /** F16 or BF16 elements in memory as float32. */
    static void load(MemorySegment x, StorageType type, long from, float[] target, int count) {
        short[] units = new short[count + Lanes.PADDING];
        MemorySegment.copy(x, Tensor.SHORT, from * Short.BYTES, units, 0, count);
        if (type == StorageType.BF16) {
            bfloat16(units, target, count);
        } else {
            float16(units, target, count);
        }
    }

    static void bfloat16(short[] source, float[] target, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector unit = (IntVector) ShortVector.fromArray(Lanes.SHORTS, source, i)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0);
            unit.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(target, i);
        }
    }

    static void float16(short[] source, float[] target, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector half = (IntVector) ShortVector.fromArray(Lanes.SHORTS, source, i)
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
                    .intoArray(target, i);
        }
    }
}
