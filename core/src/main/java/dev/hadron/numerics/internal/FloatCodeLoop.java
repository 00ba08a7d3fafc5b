package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatFormat} over arrays that hold no NaN.
 *
 * <p>For a magnitude {@code a} let {@code anchor} be the power of two whose last bit is worth one step of the format at
 * {@code a}. Then {@code a + anchor} rounds {@code a} to the format, half to even; the last bits of the sum are the number of steps;
 * and the steps, added to the code of the anchor's exponent, are the code, since a code counts the
 * steps from zero. Subnormal numbers need no case of their own: their exponent is that of the smallest normal one.
 */
final class FloatCodeLoop implements CodeLoop {
    private final int bits;
    private final int mantissa;
    private final int bias;
    private final int max;
    private final int largestCode;
    private final int dropped;
    private final int smallestExponent;
    private final boolean signedZero;

    FloatCodeLoop(FloatFormat format, boolean signedZero) {
        this.signedZero = signedZero;
        bits = format.bits();
        mantissa = format.mantissa();
        bias = format.bias();
        max = Float.floatToRawIntBits(format.max());
        largestCode = format.encode(format.max());
        dropped = Patterns.FRACTION - mantissa;
        smallestExponent = (Patterns.BIAS + 1 - bias) << Patterns.FRACTION;
    }

    @Override
    public void round(float[] x, int from, int count) {
        int raise = dropped << Patterns.FRACTION;
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            IntVector pattern = FloatVector.fromArray(Lanes.FLOATS, x, i).reinterpretAsInts();
            IntVector magnitude = pattern.and(Patterns.MAGNITUDE).min(max);
            FloatVector anchor = magnitude
                    .and(Patterns.INFINITY)
                    .max(smallestExponent)
                    .add(raise)
                    .reinterpretAsFloats();
            magnitude
                    .reinterpretAsFloats()
                    .add(anchor)
                    .sub(anchor)
                    .reinterpretAsInts()
                    .or(pattern.and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        if (!signedZero) {
            for (int i = from; i < from + count; i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, x, i).add(0f).intoArray(x, i);
            }
        }
    }

    @Override
    public void encode(float[] x, int from, byte[] codes, int to, int count) {
        int raise = dropped << Patterns.FRACTION;
        int first = smallestExponent >> dropped;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector pattern = FloatVector.fromArray(Lanes.FLOATS, x, from + i).reinterpretAsInts();
            // Infinity saturates too.
            IntVector magnitude = pattern.and(Patterns.MAGNITUDE).min(max);
            IntVector exponent = magnitude.and(Patterns.INFINITY).max(smallestExponent);
            // Of the sum's bits only those below its exponent reach the code.
            IntVector steps = magnitude
                    .reinterpretAsFloats()
                    .add(exponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts();
            IntVector code =
                    exponent.lanewise(VectorOperators.LSHR, dropped).sub(first).add(steps);
            IntVector sign = pattern.lanewise(VectorOperators.LSHR, Integer.SIZE - bits);
            IntVector signed = code.and(~(-1 << (bits - 1))).or(sign.and(1 << (bits - 1)));
            ((ByteVector) signed.convertShape(VectorOperators.I2B, Lanes.BYTES, 0)).intoArray(codes, to + i);
        }
        if (!signedZero) {
            clearNegativeZeros(codes, to, count);
        }
    }

    @Override
    public void decode(byte[] codes, int from, float[] y, int to, int count) {
        int numberMask = (1 << (bits - 1)) - 1;
        int rebias = (Patterns.BIAS - bias) << Patterns.FRACTION;
        int anchor = smallestExponent + (dropped << Patterns.FRACTION);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = (IntVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, from + i).convertShape(VectorOperators.B2I, Lanes.INTS, 0);
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
                    .blend(Float.NaN, nan)
                    .intoArray(y, to + i);
        }
    }

    private void clearNegativeZeros(byte[] codes, int from, int count) {
        byte zero = (byte) (1 << (bits - 1));
        for (int i = from; i < from + count; i += ByteVector.SPECIES_PREFERRED.length()) {
            ByteVector code = ByteVector.fromArray(ByteVector.SPECIES_PREFERRED, codes, i);
            code.blend((byte) 0, code.eq(zero)).intoArray(codes, i);
        }
    }
}
