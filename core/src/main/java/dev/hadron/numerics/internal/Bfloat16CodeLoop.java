package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** As {@link FloatCodeLoop}, from elements in bfloat16 to packed codes, without float32 between: all that has 16 bits or fewer is done for two neighbours in 32 bits. */
final class Bfloat16CodeLoop {
    private static final short NIBBLE = 0xF;
    private static final short INFINITY = Patterns.INFINITY >> Short.SIZE;

    /** From a code in the upper half of 32 bits to the upper half of a byte. */
    private static final int TO_NIBBLE = 12;

    /** Half of bfloat16's last bit. */
    private static final int HALF_UNIT = 0x8000;

    private static final int LEAST_NORMAL = 1 << Patterns.FRACTION;

    private final int bits;
    private final int dropped;
    private final int smallestExponent;
    private final short toMax;
    private final short raise;
    private final short sign;
    private final short carry;
    private int[] smallest = {};

    Bfloat16CodeLoop(FloatFormat format, boolean signedZero) {
        bits = format.bits();
        dropped = Patterns.FRACTION - format.mantissa();
        smallestExponent = (Patterns.BIAS + 1 - format.bias()) << Patterns.FRACTION;
        toMax = (short) ((Float.floatToRawIntBits(format.max()) - smallestExponent) >> Short.SIZE);
        raise = (short) (dropped << (Patterns.FRACTION - Short.SIZE));
        sign = (short) (1 << (bits - 1));
        carry = (short) (signedZero ? sign : sign - 1);
    }

    /**
     * The packed codes of quotients that are rounded to bfloat16, as divisors are. Two neighbours are a 32-bit lane, and so are two codes. Both numbers have 8 bits and the quotient is rounded to 8: were it half way between two of
     * those, which takes 9 bits, the number would have more. So it is away from there by a part of 2^-17 or more, and a product with the reciprocal,
     * which errs by 2^-23, is rounded as the quotient is.
     */
    void products(Spread spread, float[] factors, Tile x, CodeTile codes, int from, int count) {
        MemorySegment elements = x.memory();
        long start = x.offset(from);
        boolean nibbles = codes.nibbles;
        MemorySegment target = codes.memory();
        long to = codes.offset(from);
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        ShortVector least = ShortVector.broadcast(Lanes.UNITS, (short) (smallestExponent >> Short.SIZE));
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            FloatVector factor = FloatVector.fromArray(Lanes.FLOATS, factors, (i / 2) >> shift)
                    .rearrange(shuffle);
            ShortVector units =
                    ShortVector.fromMemorySegment(Lanes.UNITS, elements, start + 2L * i, ByteOrder.LITTLE_ENDIAN);
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
                        .intoMemorySegment(target, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                        .intoMemorySegment(target, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /**
     * The packed codes of quotients under divisors that are powers of two, by which nothing is divided: the format's numbers are multiplied instead, and numbers rounded to the multiples
     * of theirs.
     */
    void scaled(Spread spread, float[] divisors, Tile x, CodeTile codes, int from, int count) {
        int[] smallest = smallest(divisors, ((count / 2) >> spread.shift()) + 1);
        MemorySegment elements = x.memory();
        long start = x.offset(from);
        boolean nibbles = codes.nibbles;
        MemorySegment target = codes.memory();
        long to = codes.offset(from);
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        int shift = spread.shift();
        VectorShuffle<Integer> shuffle = spread.wholes();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            ShortVector least = IntVector.fromArray(Lanes.INTS, smallest, (i / 2) >> shift)
                    .rearrange(shuffle)
                    .reinterpretAsShorts();
            ShortVector units =
                    ShortVector.fromMemorySegment(Lanes.UNITS, elements, start + 2L * i, ByteOrder.LITTLE_ENDIAN);
            ShortVector signed = codes(units, units.and(Short.MAX_VALUE), least, even);
            if (nibbles) {
                IntVector pair = signed.and(NIBBLE).reinterpretAsInts();
                ((ByteVector) pair.or(pair.lanewise(VectorOperators.LSHR, TO_NIBBLE))
                                .convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(target, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                        .intoMemorySegment(target, to + i, ByteOrder.LITTLE_ENDIAN);
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
    private int[] smallest(float[] divisors, int runs) {
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
        return smallest;
    }
}
