package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.FloatElementQuantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatElementQuantizer} on vectors.
 *
 * <p>For a magnitude {@code a} let {@code anchor} be the power of two whose last bit is worth one step of the format at
 * {@code a}. Then {@code a + anchor} rounds {@code a} to the format, half to even; the difference of its bits and the anchor's
 * is the number of steps; and the steps, added to the code of the anchor's exponent, are the code, since a code counts the
 * steps from zero. Subnormal numbers need no case of their own: their exponent is that of the smallest normal one.
 *
 * <p>Encoding a fake-quantized number divides it by the scale that it was multiplied with. Each operation errs by half a step
 * of the working type, 2^-8 at most for bfloat16, and half a step of the format is 2^-5 or more, so the code is found again
 * without it ({@link #isStable}) unless a product overflows or is subnormal.
 */
final class FloatingLanes implements ElementLanes {
    private static final int FLOAT_MANTISSA = 23;
    private static final int FLOAT_BIAS = 127;
    private static final int EXPONENT = 0x7F80_0000;
    private static final int SIGN = 0x8000_0000;
    private static final int NAN_CODE = 0x7F;

    private final FloatFormat format;
    private final WorkingType workingType;
    private final float scale;
    private final int max;
    private final int dropped;
    private final int smallestExponent;
    private final boolean stable;

    FloatingLanes(FloatElementQuantizer quantizer) {
        format = quantizer.format();
        workingType = quantizer.workingType();
        scale = quantizer.scale();
        max = Float.floatToRawIntBits(format.max());
        dropped = FLOAT_MANTISSA - format.mantissa();
        smallestExponent = (FLOAT_BIAS + 1 - format.bias()) << FLOAT_MANTISSA;
        stable = isStable();
    }

    @Override
    public FloatVector fakeQuantize(FloatVector x) {
        FloatVector scaled = scaled(x);
        IntVector bits = scaled.reinterpretAsInts();
        IntVector magnitude = magnitude(bits);
        FloatVector anchor = anchor(exponent(magnitude));
        FloatVector rounded = magnitude.reinterpretAsFloats().add(anchor).sub(anchor);
        FloatVector signed = rounded.reinterpretAsInts().or(bits.and(SIGN)).reinterpretAsFloats();
        return Rounding.toWorkingType(signed.mul(scale), workingType)
                .blend(Float.NaN, scaled.test(VectorOperators.IS_NAN));
    }

    @Override
    public IntVector storedCode(FloatVector x) {
        return encode(stable ? x : fakeQuantize(x));
    }

    @Override
    public FloatVector decode(IntVector codes) {
        int numberBits = format.bits() - 1;
        IntVector magnitude = codes.and((1 << numberBits) - 1);
        IntVector normal =
                magnitude.lanewise(VectorOperators.LSHL, dropped).add((FLOAT_BIAS - format.bias()) << FLOAT_MANTISSA);
        int anchor = smallestExponent + (dropped << FLOAT_MANTISSA);
        FloatVector subnormal = magnitude.or(anchor).reinterpretAsFloats().sub(Float.intBitsToFloat(anchor));
        IntVector sign = codes.lanewise(VectorOperators.LSHL, Integer.SIZE - format.bits())
                .and(SIGN);
        return normal.blend(subnormal.reinterpretAsInts(), magnitude.lt(1 << format.mantissa()))
                .or(sign)
                .reinterpretAsFloats()
                .mul(scale)
                .blend(
                        Float.NaN,
                        magnitude
                                .compare(VectorOperators.GT, format.encode(format.max()))
                                .cast(Lanes.FLOATS));
    }

    private IntVector encode(FloatVector x) {
        FloatVector scaled = scaled(x);
        IntVector bits = scaled.reinterpretAsInts();
        IntVector magnitude = magnitude(bits);
        IntVector exponent = exponent(magnitude);
        FloatVector anchor = anchor(exponent);
        IntVector steps =
                magnitude.reinterpretAsFloats().add(anchor).reinterpretAsInts().sub(anchor.reinterpretAsInts());
        IntVector base = exponent.sub(smallestExponent).lanewise(VectorOperators.LSHR, dropped);
        IntVector sign = bits.and(SIGN).lanewise(VectorOperators.LSHR, Integer.SIZE - format.bits());
        return base.add(steps).or(sign).blend(NAN_CODE, Rounding.nan(scaled));
    }

    private FloatVector scaled(FloatVector x) {
        return Rounding.toWorkingType(x.div(scale), workingType);
    }

    /** Without sign and at most the largest number, as infinity becomes too. */
    private IntVector magnitude(IntVector bits) {
        return bits.and(~SIGN).min(max);
    }

    private IntVector exponent(IntVector magnitude) {
        return magnitude.and(EXPONENT).max(smallestExponent);
    }

    private FloatVector anchor(IntVector exponent) {
        return exponent.add(dropped << FLOAT_MANTISSA).reinterpretAsFloats();
    }

    private boolean isStable() {
        return workingType != WorkingType.FLOAT16 && scale >= 0x1p-80f && scale <= 0x1p80f;
    }
}
