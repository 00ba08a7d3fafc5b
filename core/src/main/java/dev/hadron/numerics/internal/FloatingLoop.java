package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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
    private static final int NAN_CODE = 0x7F;

    private final WorkingType workingType;
    private final int bits;
    private final int mantissa;
    private final int bias;
    private final int max;
    private final int largestCode;
    private final int dropped;
    private final int smallestExponent;
    private float[] scratch = {};

    FloatingLoop(FloatFormat format, WorkingType workingType) {
        this.workingType = workingType;
        bits = format.bits();
        mantissa = format.mantissa();
        bias = format.bias();
        max = Float.floatToRawIntBits(format.max());
        largestCode = format.encode(format.max());
        dropped = Patterns.FRACTION - mantissa;
        smallestExponent = (Patterns.BIAS + 1 - bias) << Patterns.FRACTION;
    }

    @Override
    public void fakeQuantize(float scale, int zeroPoint, float[] x, int from, float[] y, int to, int count) {
        divide(scale, x, from, y, to, count);
        WorkingTypeLoop.round(workingType, y, to, count);
        nearest(scale, y, to, count);
        WorkingTypeLoop.round(workingType, y, to, count);
    }

    @Override
    public void quantize(float scale, int zeroPoint, float[] x, int from, byte[] codes, int to, int count) {
        scratch = Lanes.grown(scratch, count);
        if (isStable(scale)) {
            divide(scale, x, from, scratch, 0, count);
        } else {
            fakeQuantize(scale, zeroPoint, x, from, scratch, 0, count);
            divide(scale, scratch, 0, scratch, 0, count);
        }
        WorkingTypeLoop.round(workingType, scratch, 0, count);
        encode(scratch, codes, to, count);
    }

    @Override
    public void dequantize(float scale, int zeroPoint, byte[] codes, float[] y, int count) {
        int numberMask = (1 << (bits - 1)) - 1;
        int rebias = (Patterns.BIAS - bias) << Patterns.FRACTION;
        int anchor = smallestExponent + (dropped << Patterns.FRACTION);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = (IntVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, i).convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            IntVector number = code.and(numberMask);
            IntVector normal = number.lanewise(VectorOperators.LSHL, dropped).add(rebias);
            FloatVector subnormal = number.or(anchor).reinterpretAsFloats().sub(Float.intBitsToFloat(anchor));
            IntVector sign =
                    code.lanewise(VectorOperators.LSHL, Integer.SIZE - bits).and(Patterns.SIGN);
            VectorMask<Float> nan =
                    number.compare(VectorOperators.GT, largestCode).cast(Lanes.FLOATS);
            normal.blend(subnormal.reinterpretAsInts(), number.lt(1 << mantissa))
                    .or(sign)
                    .reinterpretAsFloats()
                    .mul(scale)
                    .blend(Float.NaN, nan)
                    .intoArray(y, i);
        }
    }

    private static void divide(float divisor, float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, from + i).div(divisor).intoArray(y, to + i);
        }
    }

    /** The nearest number of the format, times {@code scale}; in place. */
    private void nearest(float scale, float[] y, int to, int count) {
        int raise = dropped << Patterns.FRACTION;
        for (int i = to; i < to + count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, y, i);
            IntVector pattern = value.reinterpretAsInts();
            IntVector magnitude = pattern.and(Patterns.MAGNITUDE).min(max);
            FloatVector anchor = magnitude
                    .and(Patterns.INFINITY)
                    .max(smallestExponent)
                    .add(raise)
                    .reinterpretAsFloats();
            IntVector rounded =
                    magnitude.reinterpretAsFloats().add(anchor).sub(anchor).reinterpretAsInts();
            rounded.or(pattern.and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .mul(scale)
                    .blend(Float.NaN, value.test(VectorOperators.IS_NAN))
                    .intoArray(y, i);
        }
    }

    private void encode(float[] x, byte[] codes, int to, int count) {
        int raise = dropped << Patterns.FRACTION;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector pattern = FloatVector.fromArray(Lanes.FLOATS, x, i).reinterpretAsInts();
            IntVector absolute = pattern.and(Patterns.MAGNITUDE);
            // Infinity saturates too.
            IntVector magnitude = absolute.min(max);
            IntVector exponent = magnitude.and(Patterns.INFINITY).max(smallestExponent);
            IntVector anchor = exponent.add(raise);
            IntVector steps = magnitude
                    .reinterpretAsFloats()
                    .add(anchor.reinterpretAsFloats())
                    .reinterpretAsInts()
                    .sub(anchor);
            IntVector sign = pattern.and(Patterns.SIGN).lanewise(VectorOperators.LSHR, Integer.SIZE - bits);
            IntVector code = exponent.sub(smallestExponent)
                    .lanewise(VectorOperators.LSHR, dropped)
                    .add(steps)
                    .or(sign)
                    .blend(NAN_CODE, absolute.compare(VectorOperators.GT, Patterns.INFINITY));
            ((ByteVector) code.convertShape(VectorOperators.I2B, Lanes.BYTES, 0)).intoArray(codes, to + i);
        }
    }

    private boolean isStable(float scale) {
        return workingType != WorkingType.FLOAT16 && scale >= 0x1p-80f && scale <= 0x1p80f;
    }
}
