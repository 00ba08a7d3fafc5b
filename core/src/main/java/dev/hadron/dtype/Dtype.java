package dev.hadron.dtype;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The data types that a tensor can be quantized to. */
public enum Dtype {
    /** Signed 8-bit integers. */
    INT8(new IntFormat(8, true)),
    /** Unsigned 8-bit integers. */
    UINT8(new IntFormat(8, false)),
    /** Signed 4-bit integers. */
    INT4(new IntFormat(4, true)),
    /** Unsigned 4-bit integers. */
    UINT4(new IntFormat(4, false)),
    /** Signed 3-bit integers. */
    INT3(new IntFormat(3, true)),
    /** Unsigned 3-bit integers. */
    UINT3(new IntFormat(3, false)),
    /** Signed 2-bit integers. */
    INT2(new IntFormat(2, true)),
    /** Unsigned 2-bit integers. */
    UINT2(new IntFormat(2, false)),
    /** 8-bit floating point with 4 exponent bits and no infinity. */
    FP8_E4M3(FloatFormat.E4M3),
    /** 8-bit floating point with 5 exponent bits. */
    FP8_E5M2(FloatFormat.E5M2),
    /** IEEE half precision, without a scale. */
    FLOAT16(new HalfFormat(WorkingType.FLOAT16)),
    /** The upper half of a float32, without a scale. */
    BFLOAT16(new HalfFormat(WorkingType.BFLOAT16)),
    /** 6-bit floating point with 3 exponent bits: an element of MX. */
    FP6_E3M2(FloatFormat.E3M2),
    /** 6-bit floating point with 2 exponent bits: an element of MX. */
    FP6_E2M3(FloatFormat.E2M3),
    /** 4-bit floating point with 2 exponent bits: an element of MX. */
    FP4(FloatFormat.E2M1),
    /** OCP microscaling: blocks under a power of two. A specification may name another element type than FP8 (E4M3). */
    MX(BlockFormat.mx(FloatFormat.E4M3)),
    /** Blocks under an exponent, pairs under a bit that halves it, 5-bit integers. */
    MX6(BlockFormat.MX6),
    /** Blocks under an exponent, pairs under a bit that halves it, 8-bit integers. */
    MX9(BlockFormat.MX9),
    /** Block floating point: 8-bit integers under an exponent. */
    BFP16(BlockFormat.BFP16),
    /** 4-bit floating point in blocks under an FP8 (E4M3) scale, these under one float32 scale. */
    NVFP4(BlockFormat.NVFP4);

    private final NumberFormat format;

    Dtype(NumberFormat format) {
        this.format = format;
    }

    /** What the bits of one element mean. */
    public NumberFormat format() {
        return format;
    }

    /** Bits of one element. */
    public int bits() {
        return format.bits();
    }

    /** The name in configurations: the constant in lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that {@link #wireName name}. */
    public static Optional<Dtype> ofWireName(String name) {
        return Arrays.stream(values()).filter(d -> d.wireName().equals(name)).findFirst();
    }
}
