package dev.hadron.numerics.internal;

import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link RoundType} and {@link WorkingType} on vectors, by integer arithmetic on bit patterns. */
final class Rounding {
    /**
     * {@code 1.5 * 2^23}: in {@code x + SHIFT} the last bit is worth one, so the addition rounds {@code x} half to even and
     * leaves the whole number in the low bits.
     */
    static final float SHIFT = 0x1.8p23f;

    /** The bits of a whole number {@code n} after {@link #toBits} are {@code ZERO_BITS + n}. */
    static final int ZERO_BITS = Float.floatToRawIntBits(SHIFT);

    private static final int EXPONENT = 0x7F80_0000;
    private static final int SIGN = 0x8000_0000;
    private static final int QUIET_NAN = 0x7FC0_0000;

    private Rounding() {}

    /**
     * {@code ZERO_BITS + round(x)}. That holds up to 2^22; beyond, and for infinity, the result is below or above those of all
     * smaller numbers, as the number is, so that a clamp to a narrower range is right. NaN gives anything.
     */
    static IntVector toBits(FloatVector x, RoundType rounding) {
        FloatVector shifted = x.add(SHIFT);
        IntVector bits = shifted.reinterpretAsInts();
        if (rounding == RoundType.HALF_EVEN) {
            return bits;
        }
        FloatVector rest = x.sub(shifted.sub(SHIFT));
        if (rounding == RoundType.FLOOR) {
            return bits.lanewise(VectorOperators.SUB, 1, below(rest, 0f));
        }
        // A half that went towards zero to the even neighbour has the sign of x.
        VectorMask<Integer> up =
                rest.eq(0.5f).and(x.compare(VectorOperators.GT, 0f)).cast(Lanes.INTS);
        VectorMask<Integer> down = rest.eq(-0.5f).and(x.lt(0f)).cast(Lanes.INTS);
        return bits.lanewise(VectorOperators.ADD, 1, up).lanewise(VectorOperators.SUB, 1, down);
    }

    /** {@link WorkingType#round} of each lane. */
    static FloatVector toWorkingType(FloatVector x, WorkingType type) {
        return switch (type) {
            case FLOAT32 -> x;
            case BFLOAT16 -> toBfloat16(x);
            case FLOAT16 -> toFloat16(x);
        };
    }

    private static FloatVector toBfloat16(FloatVector x) {
        return nearestEven(x.reinterpretAsInts(), 16).blend(QUIET_NAN, nan(x)).reinterpretAsFloats();
    }

    private static FloatVector toFloat16(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector magnitude = bits.and(~SIGN);
        IntVector normal = nearestEven(magnitude, 13);
        // The last bit of 0.5 is worth 2^-24, the step of subnormal halves.
        IntVector subnormal =
                magnitude.reinterpretAsFloats().add(0.5f).sub(0.5f).reinterpretAsInts();
        int overflow = Float.floatToRawIntBits(0x1p16f);
        int smallestNormal = Float.floatToRawIntBits(0x1p-14f);
        return normal.blend(EXPONENT, normal.compare(VectorOperators.GE, overflow))
                .blend(subnormal, magnitude.lt(smallestNormal))
                .or(bits.and(SIGN))
                .blend(QUIET_NAN, nan(x))
                .reinterpretAsFloats();
    }

    /** The pattern without its lowest {@code unused} bits, rounded. A carry into the exponent is right. */
    private static IntVector nearestEven(IntVector bits, int unused) {
        IntVector odd = bits.lanewise(VectorOperators.LSHR, unused).and(1);
        return bits.add((1 << (unused - 1)) - 1).add(odd).and(-1 << unused);
    }

    /** Which lanes are NaN. */
    static VectorMask<Integer> nan(FloatVector x) {
        return x.test(VectorOperators.IS_NAN).cast(Lanes.INTS);
    }

    private static VectorMask<Integer> below(FloatVector x, float limit) {
        return x.lt(limit).cast(Lanes.INTS);
    }
}
