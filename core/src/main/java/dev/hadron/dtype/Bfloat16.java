package dev.hadron.dtype;

/** Conversion between float32 and bfloat16, its upper half. */
public final class Bfloat16 {
    private Bfloat16() {}

    /** The nearest bfloat16, ties to even; NaN becomes the quiet NaN 0x7FC0. */
    public static short ofFloat(float value) {
        if (Float.isNaN(value)) {
            return 0x7FC0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** The same value in float32. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
