package dev.hadron.numerics;

import dev.hadron.dtype.WorkingType;

/** Powers of two as the largest magnitude of a block gives them. */
final class PowerOfTwo {
    private static final double LN_2 = Math.log(2);
    private static final int FRACTION = 23;
    private static final int FRACTION_MASK = (1 << FRACTION) - 1;
    private static final int EXPONENTS = 255;
    private static final int BIAS = 127;

    private static final int[] FLOAT32 = thresholds(WorkingType.FLOAT32);
    private static final int[] BFLOAT16 = thresholds(WorkingType.BFLOAT16);
    private static final int[] FLOAT16 = thresholds(WorkingType.FLOAT16);

    private PowerOfTwo() {}

    /**
     * {@code 2^(floor(log2(magnitude)) - below)}, where the logarithm was rounded to the working type before it was floored, so that
     * a magnitude just below a power of two may count as that power. 2^-23 where the result is 0 in the working type.
     */
    static float atMost(float magnitude, int below, WorkingType type) {
        if (magnitude == 0f) {
            return type.round(RangeScale.EPSILON);
        }
        int exponent = floor(magnitude, type) - below;
        boolean exact = type == WorkingType.FLOAT16 ? exponent > -15 && exponent < 16 : Math.abs(exponent) < BIAS;
        if (exact) {
            return Float.intBitsToFloat((exponent + BIAS) << FRACTION);
        }
        float power = type.round((float) Math.scalb(1.0, exponent));
        return power == 0f ? type.round(RangeScale.EPSILON) : power;
    }

    /** The whole number below a positive number's rounded logarithm, or at it. */
    static int floor(float magnitude, WorkingType type) {
        int bits = Float.floatToRawIntBits(magnitude);
        int exponent = bits >> FRACTION;
        if (exponent == 0 || exponent >= EXPONENTS) {
            return floorByDefinition(magnitude, type);
        }
        int threshold = thresholdsOf(type)[exponent];
        return exponent - BIAS + ((bits & FRACTION_MASK) >= threshold ? 1 : 0);
    }

    /** For each exponent of a normal number the fraction of 23 bits from which on {@link #floor} gives the next one. */
    static int[] thresholdsOf(WorkingType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT32;
            case BFLOAT16 -> BFLOAT16;
            case FLOAT16 -> FLOAT16;
        };
    }

    /** The same by a logarithm. */
    static int floorByDefinition(float magnitude, WorkingType type) {
        return (int) Math.floor(type.round((float) (Math.log(magnitude) / LN_2)));
    }

    /** For each exponent the smallest fraction whose logarithm is rounded up to the next whole number, or one more than there is. */
    private static int[] thresholds(WorkingType type) {
        int[] thresholds = new int[EXPONENTS];
        for (int exponent = 1; exponent < EXPONENTS; exponent++) {
            int below = -1;
            int least = FRACTION_MASK + 1;
            while (least - below > 1) {
                int middle = (below + least) >>> 1;
                float magnitude = Float.intBitsToFloat(exponent << FRACTION | middle);
                if (floorByDefinition(magnitude, type) > exponent - BIAS) {
                    least = middle;
                } else {
                    below = middle;
                }
            }
            thresholds[exponent] = least;
        }
        return thresholds;
    }
}
