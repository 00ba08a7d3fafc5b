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
    /** 8-bit floating point with 4 exponent bits and no infinity. */
    FP8_E4M3(new FloatFormat(4, 3, 7, 448f)),
    /** 8-bit floating point with 5 exponent bits. */
    FP8_E5M2(new FloatFormat(5, 2, 15, 57344f));

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
