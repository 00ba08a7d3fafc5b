package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
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
    private static final short NIBBLE = 0xF;
    private static final short INFINITY = Patterns.INFINITY >> Short.SIZE;

    /** From a code in the upper half of 32 bits to the upper half of a byte. */
    private static final int TO_NIBBLE = 12;

    /** Half of bfloat16's last bit. */
    private static final int HALF_UNIT = 0x8000;

    private static final int LEAST_NORMAL = 1 << Patterns.FRACTION;

    private static final float[] ONE = Arrays.copyOf(new float[] {1f}, 1 + Lanes.PADDING);

    private final int bits;
    private final int mantissa;
    private final int bias;
    private final int max;
    private final int largestCode;
    private final int dropped;
    private final int smallestExponent;
    private final boolean signedZero;
    private final short toMax;
    private final short raise;
    private final short sign;
    private final short carry;
    private int[] smallest = {};

    FloatCodeLoop(FloatFormat format, boolean signedZero) {
        this.signedZero = signedZero;
        bits = format.bits();
        mantissa = format.mantissa();
        bias = format.bias();
        max = Float.floatToRawIntBits(format.max());
        largestCode = format.encode(format.max());
        dropped = Patterns.FRACTION - mantissa;
        smallestExponent = (Patterns.BIAS + 1 - bias) << Patterns.FRACTION;
        toMax = (short) ((max - smallestExponent) >> Short.SIZE);
        raise = (short) (dropped << (Patterns.FRACTION - Short.SIZE));
        sign = (short) (1 << (bits - 1));
        carry = (short) (signedZero ? sign : sign - 1);
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
    public void encode(float[] x, CodeTile codes, int to, int count) {
        MemorySegment scaled = TileMemory.ofThread().scaled();
        MemorySegment.copy(x, 0, scaled, Tensor.FLOAT, 0, count);
        floats(Spread.SINGLE, ONE, true, false, scaled, 0, codes.nibbles, codes.memory(), codes.offset(to), count);
    }

    /**
     * The packed codes of the quotients of elements from {@code from} on.
     *
     * @param divisors of the runs, padded as {@link Lanes} says
     * @param factors their reciprocals
     * @param powersOfTwo whether all divisors are, from {@code 2^-80} to {@code 2^80} but for runs of zeros
     * @param rounded whether elements and divisors are in bfloat16 and quotients are rounded to it
     */
    void encode(
            Spread spread,
            float[] divisors,
            float[] factors,
            boolean powersOfTwo,
            boolean rounded,
            Tile x,
            CodeTile codes,
            int from,
            int count) {
        // In these cases a product with the reciprocal serves for the quotient.
        boolean exact = powersOfTwo || rounded;
        boolean units = x.type == StorageType.BF16;
        if (!exact || !units) {
            floats(
                    spread,
                    exact ? factors : divisors,
                    exact,
                    units,
                    units ? x.memory() : x.wideMemory(),
                    units ? x.offset(from) : x.wideOffset(from),
                    codes.nibbles,
                    codes.memory(),
                    codes.offset(from),
                    count);
        } else if (rounded) {
            products(
                    spread,
                    factors,
                    x.memory(),
                    x.offset(from),
                    codes.nibbles,
                    codes.memory(),
                    codes.offset(from),
                    count);
        } else {
            smallest(divisors, ((count / 2) >> spread.shift()) + 1);
            scaled(spread, x.memory(), x.offset(from), codes.nibbles, codes.memory(), codes.offset(from), count);
        }
    }

    /** Of elements in float32 or, where {@code units} says so, in bfloat16, which are widened on the way. */
    private void floats(
            Spread spread,
            float[] scales,
            boolean multiplied,
            boolean units,
            MemorySegment x,
            long from,
            boolean nibbles,
            MemorySegment codes,
            long to,
            int count) {
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
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scale =
                    FloatVector.fromArray(Lanes.FLOATS, scales, i >> shift).rearrange(shuffle);
            IntVector pattern = units
                    ? ((IntVector) ShortVector.fromMemorySegment(
                                            Lanes.SHORTS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, Short.SIZE)
                    : FloatVector.fromMemorySegment(Lanes.FLOATS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                            .reinterpretAsInts();
            FloatVector number = pattern.and(Patterns.MAGNITUDE).reinterpretAsFloats();
            // Infinity saturates too.
            IntVector magnitude = (multiplied ? number.mul(scale) : number.div(scale))
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
            if (nibbles) {
                // The code of the upper half of a 64-bit lane joins that of the lower.
                LongVector pairs = signed.and(NIBBLE).reinterpretAsLongs();
                ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, Integer.SIZE - 4))
                                .convertShape(VectorOperators.L2B, Lanes.EIGHTH_BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /**
     * Two neighbours are a 32-bit lane, and so are two codes. Both numbers have 8 bits and the quotient is rounded to 8: were it half way between two of
     * those, which takes 9 bits, the number would have more. So it is away from there by a part of 2^-17 or more, and a product with the reciprocal,
     * which errs by 2^-23, is rounded as the quotient is.
     */
    private void products(
            Spread spread,
            float[] factors,
            MemorySegment x,
            long from,
            boolean nibbles,
            MemorySegment codes,
            long to,
            int count) {
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        ShortVector least = ShortVector.broadcast(Lanes.UNITS, (short) (smallestExponent >> Short.SIZE));
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            FloatVector factor = FloatVector.fromArray(Lanes.FLOATS, factors, (i / 2) >> shift)
                    .rearrange(shuffle);
            ShortVector units = ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN);
            IntVector both = units.and(Short.MAX_VALUE).reinterpretAsInts();
            IntVector lower = both.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .reinterpretAsInts()
                    .add(HALF_UNIT)
                    .lanewise(VectorOperators.LSHR, Short.SIZE);
            IntVector upper = both.and(Patterns.UPPER_HALF)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .reinterpretAsInts()
                    .add(HALF_UNIT);
            ShortVector magnitude = upper.reinterpretAsShorts().blend(lower.reinterpretAsShorts(), even);
            ShortVector signed = codes(units, magnitude, least, even);
            if (nibbles) {
                IntVector pair = signed.and(NIBBLE).reinterpretAsInts();
                ((ByteVector) pair.or(pair.lanewise(VectorOperators.LSHR, TO_NIBBLE))
                                .convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /**
     * Under divisors that are powers of two, by which nothing is divided: the format's numbers are multiplied instead, and numbers rounded to the multiples
     * of theirs.
     */
    private void scaled(
            Spread spread, MemorySegment x, long from, boolean nibbles, MemorySegment codes, long to, int count) {
        int[] smallest = this.smallest;
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        int shift = spread.shift();
        VectorShuffle<Integer> shuffle = spread.wholes();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            ShortVector least = IntVector.fromArray(Lanes.INTS, smallest, (i / 2) >> shift)
                    .rearrange(shuffle)
                    .reinterpretAsShorts();
            ShortVector units = ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN);
            ShortVector signed = codes(units, units.and(Short.MAX_VALUE), least, even);
            if (nibbles) {
                IntVector pair = signed.and(NIBBLE).reinterpretAsInts();
                ((ByteVector) pair.or(pair.lanewise(VectorOperators.LSHR, TO_NIBBLE))
                                .convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /**
     * The codes of magnitudes. What has 8 bits or fewer is done for neighbours in 16 bits, and so has all but the sums.
     *
     * @param least the exponent of the smallest normal number, in the upper half of float32
     */
    private ShortVector codes(ShortVector units, ShortVector scaled, ShortVector least, VectorMask<Short> even) {
        ShortVector magnitude = scaled.min(least.add(toMax));
        // How far the exponent is above the smallest one.
        ShortVector above = magnitude.and(INFINITY).lanewise(VectorOperators.SUSUB, least);
        IntVector magnitudes = magnitude.reinterpretAsInts();
        IntVector anchors = above.add(least.add(raise)).reinterpretAsInts();
        IntVector lowerSum = magnitudes
                .lanewise(VectorOperators.LSHL, Short.SIZE)
                .reinterpretAsFloats()
                .add(anchors.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats())
                .reinterpretAsInts();
        IntVector upperSum = magnitudes
                .and(Patterns.UPPER_HALF)
                .reinterpretAsFloats()
                .add(anchors.and(Patterns.UPPER_HALF).reinterpretAsFloats())
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Short.SIZE);
        ShortVector code = upperSum.reinterpretAsShorts()
                .blend(lowerSum.reinterpretAsShorts(), even)
                .add(above.lanewise(VectorOperators.LSHR, dropped - Short.SIZE));
        // The carry reaches the sign's bit where the number isn't zero.
        ShortVector signs =
                units.lanewise(VectorOperators.LSHR, Short.SIZE - bits).and(sign);
        return code.or(code.add(carry).and(signs));
    }

    /** Finds the exponents of the smallest normal number times each divisor, in the upper half of float32, for both halves of 32 bits. */
    private void smallest(float[] divisors, int runs) {
        smallest = smallest.length < runs + Lanes.PADDING ? new int[runs + Lanes.PADDING] : smallest;
        int toSmallest = smallestExponent - (Patterns.BIAS << Patterns.FRACTION);
        for (int i = 0; i < runs; i += Lanes.COUNT) {
            // Runs of zeros may have a divisor that takes it below.
            IntVector exponent = FloatVector.fromArray(Lanes.FLOATS, divisors, i)
                    .reinterpretAsInts()
                    .add(toSmallest)
                    .max(LEAST_NORMAL);
            exponent.or(exponent.lanewise(VectorOperators.LSHR, Short.SIZE)).intoArray(smallest, i);
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
