package dev.hadron.packing;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Powers of two in a byte each, exponent + 127: E8M0 of OCP Microscaling Formats 1.0, and exponents shifted against it. */
public final class PowerOfTwoBytes {
    private static final int BIAS = 127;
    private static final int NAN = 0xFF;

    private PowerOfTwoBytes() {}

    /**
     * The exponents of powers of two.
     *
     * @param scales float32
     * @param above what is added to each exponent
     * @return U8 of the same shape, on the heap
     */
    public static Tensor pack(Tensor scales, int above) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(scales.elements())]);
        for (long i = 0; i < scales.elements(); i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (exponent(scales.floatAt(i)) + above + BIAS));
        }
        return new Tensor(StorageType.U8, scales.shape(), bytes);
    }

    /**
     * The inverse of {@link #pack}: float32 of that shape, which has as many elements. The byte 255 is NaN.
     */
    public static Tensor unpack(Tensor bytes, int above, Shape shape) {
        float[] scales = new float[Math.toIntExact(bytes.elements())];
        for (int i = 0; i < scales.length; i++) {
            int exponent = Byte.toUnsignedInt(bytes.data().get(ValueLayout.JAVA_BYTE, i));
            scales[i] = exponent == NAN ? Float.NaN : (float) Math.scalb(1.0, exponent - BIAS - above);
        }
        return Tensor.ofFloats(scales, shape.toArray());
    }

    /** Of subnormal powers too. */
    public static int exponent(float power) {
        return Math.getExponent((double) power);
    }
}
