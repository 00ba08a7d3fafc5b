package dev.hadron.numerics;

import dev.hadron.dtype.WorkingType;

/** Powers of two as the largest magnitude of a block gives them. */
final class PowerOfTwo {
    private static final double LN_2 = Math.log(2);

    private PowerOfTwo() {}

    /**
     * {@code 2^(floor(log2(magnitude)) - below)}, where the logarithm was rounded to the working type before it was floored, so that
     * a magnitude just below a power of two may count as that power. 2^-23 where the result is 0 in the working type.
     */
    static float atMost(float magnitude, int below, WorkingType type) {
        if (magnitude == 0f) {
            return type.round(RangeScale.EPSILON);
        }
        int exponent = (int) Math.floor(logarithm(magnitude, type)) - below;
        float power = type.round((float) Math.scalb(1.0, exponent));
        return power == 0f ? type.round(RangeScale.EPSILON) : power;
    }

    /** Its rounding can pass a whole number only close below one, where alone it costs a logarithm. */
    private static float logarithm(float magnitude, WorkingType type) {
        int bits = Float.floatToRawIntBits(magnitude);
        boolean near = (bits & 0x007E_0000) == 0x007E_0000 || type == WorkingType.BFLOAT16;
        boolean normal = magnitude >= Float.MIN_NORMAL;
        return near || !normal ? type.round((float) (Math.log(magnitude) / LN_2)) : Math.getExponent(magnitude);
    }
}
