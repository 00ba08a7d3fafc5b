package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link dev.hadron.numerics.FloatElementQuantizer} over arrays.
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
final class FloatingLoop implements ElementLoop {
    private static final int FLOAT_MANTISSA = 23;
    private static final int FLOAT_BIAS = 127;
    private static final int EXPONENT = 0x7F80_0000;
    private static final int SIGN = 0x8000_0000;
    private static final int NAN_CODE = 0x7F;

    private final WorkingType workingType;
    private final int bits;
    private final int mantissa;
    private final int bias;
    private final int max;
    private final int largestCode;
    private final int dropped;
    private final int smallestExponent;
    private float[] stored = {};

    FloatingLoop(FloatFormat format, WorkingType workingType) {
        this.workingType = workingType;
        bits = format.bits();
        mantissa = format.mantissa();
        bias = format.bias();
        max = Float.floatToRawIntBits(format.max());
        largestCode = format.encode(format.max());
        dropped = FLOAT_MANTISSA - mantissa;
        smallestExponent = (FLOAT_BIAS + 1 - bias) << FLOAT_MANTISSA;
    }

    @Override
    public void fakeQuantize(float scale, int zeroPoint, float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scaled = scaled(Lanes.floats(x, from + i), scale);
            IntVector pattern = scaled.reinterpretAsInts();
            IntVector magnitude = magnitude(pattern);
            FloatVector anchor = anchor(exponent(magnitude));
            FloatVector rounded = magnitude.reinterpretAsFloats().add(anchor).sub(anchor);
            FloatVector withSign =
                    rounded.reinterpretAsInts().or(pattern.and(SIGN)).reinterpretAsFloats();
            Rounding.toWorkingType(withSign.mul(scale), workingType)
                    .blend(Float.NaN, scaled.test(VectorOperators.IS_NAN))
                    .intoArray(y, to + i);
        }
    }

    @Override
    public void quantize(float scale, int zeroPoint, float[] x, int from, byte[] codes, int to, int count) {
        if (isStable(scale)) {
            encode(scale, x, from, codes, to, count);
            return;
        }
        if (stored.length < count + Lanes.PADDING) {
            stored = new float[count + Lanes.PADDING];
        }
        fakeQuantize(scale, zeroPoint, x, from, stored, 0, count);
        encode(scale, stored, 0, codes, to, count);
    }

    @Override
    public void dequantize(float scale, int zeroPoint, byte[] codes, float[] y, int count) {
        int numberMask = (1 << (bits - 1)) - 1;
        int anchor = smallestExponent + (dropped << FLOAT_MANTISSA);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = Lanes.bytes(codes, i);
            IntVector number = code.and(numberMask);
            IntVector normal =
                    number.lanewise(VectorOperators.LSHL, dropped).add((FLOAT_BIAS - bias) << FLOAT_MANTISSA);
            FloatVector subnormal = number.or(anchor).reinterpretAsFloats().sub(Float.intBitsToFloat(anchor));
            IntVector sign =
                    code.lanewise(VectorOperators.LSHL, Integer.SIZE - bits).and(SIGN);
            normal.blend(subnormal.reinterpretAsInts(), number.lt(1 << mantissa))
                    .or(sign)
                    .reinterpretAsFloats()
                    .mul(scale)
                    .blend(
                            Float.NaN,
                            number.compare(VectorOperators.GT, largestCode).cast(Lanes.FLOATS))
                    .intoArray(y, i);
        }
    }

    private void encode(float scale, float[] x, int from, byte[] codes, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scaled = scaled(Lanes.floats(x, from + i), scale);
            IntVector pattern = scaled.reinterpretAsInts();
            IntVector magnitude = magnitude(pattern);
            IntVector exponent = exponent(magnitude);
            FloatVector anchor = anchor(exponent);
            IntVector steps = magnitude
                    .reinterpretAsFloats()
                    .add(anchor)
                    .reinterpretAsInts()
                    .sub(anchor.reinterpretAsInts());
            IntVector base = exponent.sub(smallestExponent).lanewise(VectorOperators.LSHR, dropped);
            IntVector sign = pattern.and(SIGN).lanewise(VectorOperators.LSHR, Integer.SIZE - bits);
            IntVector code = base.add(steps).or(sign).blend(NAN_CODE, Rounding.nan(scaled));
            Lanes.storeBytes(code, codes, to + i);
        }
    }

    private FloatVector scaled(FloatVector x, float scale) {
        return Rounding.toWorkingType(x.div(scale), workingType);
    }

    /** Without sign and at most the largest number, as infinity becomes too. */
    private IntVector magnitude(IntVector pattern) {
        return pattern.and(~SIGN).min(max);
    }

    private IntVector exponent(IntVector magnitude) {
        return magnitude.and(EXPONENT).max(smallestExponent);
    }

    private FloatVector anchor(IntVector exponent) {
        return exponent.add(dropped << FLOAT_MANTISSA).reinterpretAsFloats();
    }

    private boolean isStable(float scale) {
        return workingType != WorkingType.FLOAT16 && scale >= 0x1p-80f && scale <= 0x1p80f;
    }
}
