package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link FloatFormat} over arrays that hold no NaN.
 *
 * <p>For a magnitude {@code a} let {@code anchor} be the power of two whose last bit is worth one step of the format at
 * {@code a}. Then {@code a + anchor} rounds {@code a} to the format, half to even; the last bits of the sum are the number of steps;
 * and the steps, added to the code of the anchor's exponent, are the code, since a code counts the
 * steps from zero. Subnormal numbers need no case of their own: their exponent is that of the smallest normal one.
 */
final class FloatCodeLoop implements CodeLoop {
    private static final int NIBBLE = 4;
    private static final float[] ONE = Arrays.copyOf(new float[] {1f}, 1 + Lanes.PADDING);

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
        bytes(Spread.SINGLE, ONE, x, from, codes, to, count);
    }

    /**
     * The packed codes of the quotients of elements from {@code from} on.
     *
     * @param divisors of the runs, padded as {@link Lanes} says
     * @param factors their reciprocals. Elements in bfloat16 whose codes are one a byte are multiplied with these: divisors must be powers of two
     *     then, or rounded to bfloat16 as quotients are
     * @param rounded whether those quotients are rounded to bfloat16 first
     */
    void encode(
            Spread spread,
            float[] divisors,
            float[] factors,
            boolean rounded,
            Tile x,
            CodeTile codes,
            int from,
            int count) {
        if (x.type != StorageType.BF16) {
            bytes(spread, divisors, x.floats(), from, codes.bytes, from, count);
            codes.pack(from, count);
        } else if (codes.nibbles) {
            nibblesOfPairs(spread, divisors, x.units, codes.packed, from, count);
        } else {
            bytesOfPairs(spread, factors, rounded, x.units, codes.bytes, from, count);
        }
    }

    private void bytes(Spread spread, float[] divisors, float[] x, int from, byte[] codes, int to, int count) {
        int max = this.max;
        int dropped = this.dropped;
        int smallest = smallestExponent;
        int raise = dropped << Patterns.FRACTION;
        int first = smallest >> dropped;
        int upper = Integer.SIZE - bits;
        int sign = 1 << (bits - 1);
        int carry = signedZero ? sign : sign - 1;
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        int vectors = (count + Lanes.COUNT - 1) / Lanes.COUNT;
        for (int i = 0; i < vectors; i++) {
            FloatVector divisor = FloatVector.fromArray(Lanes.FLOATS, divisors, (i * Lanes.COUNT) >> shift)
                    .rearrange(shuffle);
            IntVector pattern = FloatVector.fromArray(Lanes.FLOATS, x, from + i * Lanes.COUNT)
                    .reinterpretAsInts();
            // Infinity saturates too.
            IntVector magnitude = pattern.and(Patterns.MAGNITUDE)
                    .reinterpretAsFloats()
                    .div(divisor)
                    .reinterpretAsInts()
                    .min(max);
            IntVector exponent = magnitude.and(Patterns.INFINITY).max(smallest);
            // Of the sum's bits only those below its exponent reach the code.
            IntVector code = magnitude
                    .reinterpretAsFloats()
                    .add(exponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(exponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            // The carry reaches the sign's bit where the number isn't zero.
            IntVector signs = pattern.lanewise(VectorOperators.LSHR, upper).and(sign);
            IntVector signed = code.or(code.add(carry).and(signs));
            ((ByteVector) signed.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                    .intoArray(codes, to + i * Lanes.COUNT);
        }
    }

    /**
     * Where divisors aren't powers of two, both numbers have 8 bits and the quotient is rounded to 8: were it half way between two of those, which
     * takes 9 bits, the number would have more. So it is away from there by a part of 2^-17 or more, and a product with the reciprocal, which errs by
     * 2^-23, is rounded as the quotient is.
     */
    private void bytesOfPairs(
            Spread spread, float[] factors, boolean rounded, short[] x, byte[] codes, int from, int count) {
        int max = this.max;
        int dropped = this.dropped;
        int smallest = smallestExponent;
        int raise = dropped << Patterns.FRACTION;
        int first = smallest >> dropped;
        int lowerSign = 1 << (bits - 1);
        int upperSign = lowerSign << Byte.SIZE;
        int toLower = Short.SIZE - bits;
        int toUpper = Integer.SIZE - Byte.SIZE - bits;
        int carry = signedZero ? lowerSign | upperSign : (lowerSign | upperSign) - (1 | (1 << Byte.SIZE));
        int half = rounded ? 0x8000 : 0;
        int kept = rounded ? Patterns.UPPER_HALF : -1;
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        int vectors = (count + Lanes.UNITS.length() - 1) / Lanes.UNITS.length();
        for (int i = 0; i < vectors; i++) {
            FloatVector factor = FloatVector.fromArray(Lanes.FLOATS, factors, (i * Lanes.COUNT) >> shift)
                    .rearrange(shuffle);
            IntVector both = ShortVector.fromArray(Lanes.UNITS, x, from + i * Lanes.UNITS.length())
                    .reinterpretAsInts();
            IntVector lowerQuotient = both.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .and(Patterns.MAGNITUDE)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .reinterpretAsInts();
            IntVector lowerMagnitude = lowerQuotient.add(half).and(kept).min(max);
            IntVector lowerExponent = lowerMagnitude.and(Patterns.INFINITY).max(smallest);
            IntVector lower = lowerMagnitude
                    .reinterpretAsFloats()
                    .add(lowerExponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(lowerExponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            IntVector upperQuotient = both.and(Patterns.MAGNITUDE & Patterns.UPPER_HALF)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .reinterpretAsInts();
            IntVector upperMagnitude = upperQuotient.add(half).and(kept).min(max);
            IntVector upperExponent = upperMagnitude.and(Patterns.INFINITY).max(smallest);
            IntVector upper = upperMagnitude
                    .reinterpretAsFloats()
                    .add(upperExponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(upperExponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            IntVector pair = upper.lanewise(VectorOperators.LSHL, Byte.SIZE).add(lower);
            IntVector signs = both.lanewise(VectorOperators.LSHR, toLower)
                    .and(lowerSign)
                    .or(both.lanewise(VectorOperators.LSHR, toUpper).and(upperSign));
            IntVector signed = pair.or(pair.add(carry).and(signs));
            ((ShortVector) signed.convertShape(VectorOperators.I2S, Lanes.SHORTS, 0))
                    .reinterpretAsBytes()
                    .intoArray(codes, from + i * Lanes.UNITS.length());
        }
    }

    private void nibblesOfPairs(Spread spread, float[] divisors, short[] x, byte[] codes, int from, int count) {
        int max = this.max;
        int dropped = this.dropped;
        int smallest = smallestExponent;
        int raise = dropped << Patterns.FRACTION;
        int first = smallest >> dropped;
        int lowerSign = 1 << (bits - 1);
        int upperSign = lowerSign << NIBBLE;
        int toLower = Short.SIZE - bits;
        int toUpper = Integer.SIZE - NIBBLE - bits;
        int carry = signedZero ? lowerSign | upperSign : (lowerSign | upperSign) - (1 | (1 << NIBBLE));
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        int vectors = (count + Lanes.UNITS.length() - 1) / Lanes.UNITS.length();
        for (int i = 0; i < vectors; i++) {
            FloatVector divisor = FloatVector.fromArray(Lanes.FLOATS, divisors, (i * Lanes.COUNT) >> shift)
                    .rearrange(shuffle);
            IntVector both = ShortVector.fromArray(Lanes.UNITS, x, from + i * Lanes.UNITS.length())
                    .reinterpretAsInts();
            IntVector lowerQuotient = both.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .and(Patterns.MAGNITUDE)
                    .reinterpretAsFloats()
                    .div(divisor)
                    .reinterpretAsInts();
            IntVector lowerMagnitude = lowerQuotient.min(max);
            IntVector lowerExponent = lowerMagnitude.and(Patterns.INFINITY).max(smallest);
            IntVector lower = lowerMagnitude
                    .reinterpretAsFloats()
                    .add(lowerExponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(lowerExponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            IntVector upperQuotient = both.and(Patterns.MAGNITUDE & Patterns.UPPER_HALF)
                    .reinterpretAsFloats()
                    .div(divisor)
                    .reinterpretAsInts();
            IntVector upperMagnitude = upperQuotient.min(max);
            IntVector upperExponent = upperMagnitude.and(Patterns.INFINITY).max(smallest);
            IntVector upper = upperMagnitude
                    .reinterpretAsFloats()
                    .add(upperExponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(upperExponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            IntVector pair = upper.lanewise(VectorOperators.LSHL, NIBBLE).add(lower);
            IntVector signs = both.lanewise(VectorOperators.LSHR, toLower)
                    .and(lowerSign)
                    .or(both.lanewise(VectorOperators.LSHR, toUpper).and(upperSign));
            IntVector signed = pair.or(pair.add(carry).and(signs));
            ((ByteVector) signed.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                    .intoArray(codes, from / 2 + i * Lanes.COUNT);
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
}
