package dev.hadron.dtype;

/**
 * Floating point in one byte or less: a sign, {@code exponent} bits, {@code mantissa} bits, subnormals, NaN as all ones.
 *
 * <p>E4M3 is the {@code fn} variant of the OCP 8-bit floating point specification (no infinity, largest value 448, bias 7); E5M2 follows IEEE 754
 * (largest finite value 57344, bias 15).
 */
public record FloatFormat(int exponent, int mantissa, int bias, float max) implements NumberFormat {
    /** 8 bits: up to 448, no infinity. */
    public static final FloatFormat E4M3 = new FloatFormat(4, 3, 7, 448f);

    /** 8 bits: up to 57344. */
    public static final FloatFormat E5M2 = new FloatFormat(5, 2, 15, 57344f);

    /** 6 bits: up to 28; every pattern is a number. */
    public static final FloatFormat E3M2 = new FloatFormat(3, 2, 3, 28f);

    /** 6 bits: up to 7.5; every pattern is a number. */
    public static final FloatFormat E2M3 = new FloatFormat(2, 3, 1, 7.5f);

    /** 4 bits: 0, 0.5, 1, 1.5, 2, 3, 4, 6; every pattern is a number. */
    public static final FloatFormat E2M1 = new FloatFormat(2, 1, 1, 6f);

    private static final int FLOAT_MANTISSA = 23;
    private static final int NAN = 0x7F;

    @Override
    public int bits() {
        return 1 + exponent + mantissa;
    }

    /**
     * The nearest value of this format, ties to even, subnormals kept; a zero keeps its sign, NaN stays NaN. Values beyond
     * {@link #max} saturate, infinity too.
     */
    public float round(float value) {
        if (Float.isNaN(value)) {
            return value;
        }
        float clamped = Math.clamp(value, -max, max);
        int power = Math.max(Math.getExponent(clamped), 1 - bias) - mantissa;
        // Both scalings are by powers of two within float's range, so only rint rounds.
        float grid = Math.scalb(1f, power);
        return (float) (Math.rint((double) clamped / grid) * grid);
    }

    /** The bit pattern of {@link #round round(value)}. */
    public byte encode(float value) {
        if (Float.isNaN(value)) {
            return NAN;
        }
        float rounded = round(value);
        int bits = Float.floatToRawIntBits(rounded);
        int sign = (bits >>> 31) << (exponent + mantissa);
        int magnitude = bits & 0x7FFF_FFFF;
        int power = (magnitude >>> FLOAT_MANTISSA) - 127;
        if (power < 1 - bias) {
            return (byte) (sign | (int) Math.scalb((double) Math.abs(rounded), bias - 1 + mantissa));
        }
        int fraction = (magnitude >>> (FLOAT_MANTISSA - mantissa)) & ((1 << mantissa) - 1);
        return (byte) (sign | (power + bias) << mantissa | fraction);
    }

    /** The value of a bit pattern; NaN for those beyond {@link #max}, the infinities of E5M2 among them: none is encoded. */
    public float decode(byte code) {
        int magnitude = code & ((1 << (exponent + mantissa)) - 1);
        float sign = ((code >> (exponent + mantissa)) & 1) == 0 ? 1f : -1f;
        int power = magnitude >>> mantissa;
        int fraction = magnitude & ((1 << mantissa) - 1);
        if (magnitude > Byte.toUnsignedInt(largestCode())) {
            return Float.NaN;
        }
        float value = power == 0
                ? Math.scalb((float) fraction, 1 - bias - mantissa)
                : Math.scalb((float) (fraction + (1 << mantissa)), power - bias - mantissa);
        return sign * value;
    }

    private byte largestCode() {
        int bits = Float.floatToRawIntBits(max);
        return (byte) ((((bits >>> FLOAT_MANTISSA) - 127 + bias) << mantissa)
                | ((bits >>> (FLOAT_MANTISSA - mantissa)) & ((1 << mantissa) - 1)));
    }
}
