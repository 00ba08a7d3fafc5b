package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The nearest whole number to {@code x * factor}, half to even, plus a zero point and saturating, as codes: in one pass from elements as they lie
 * in memory to codes as they are stored.
 *
 * <p>Two neighbours in bfloat16 are a 32-bit lane, and so are two codes: each of the two is widened, scaled and rounded in a vector of its own. Of
 * both sums the lower 16 bits, which are the whole number's, are brought together, so that zero points are added and codes clamped for twice as many at
 * a time. A {@link Spread} brings factors and zero points to their lanes, so that one pass goes over many runs.
 */
final class StepCodeLoop {
    /** Magnitudes of up to so many steps have a whole number of 16 bits, with a zero point too. */
    static final float LARGEST = 0x1p14f;

    /** From a code in the upper half of 32 bits to the upper half of a byte. */
    private static final int TO_NIBBLE = 12;

    private final short lowest;
    private final short highest;
    private final int low;
    private final int high;
    private final int mask;

    StepCodeLoop(int bits, int lowest, int highest) {
        this.lowest = (short) lowest;
        this.highest = (short) highest;
        low = Patterns.WHOLE + lowest;
        high = Patterns.WHOLE + highest;
        mask = (1 << bits) - 1;
    }

    /**
     * The packed codes of elements from {@code from} on.
     *
     * @param factors of the runs, padded as {@link Lanes} says; no product is beyond {@link #LARGEST}
     * @param zeroPoints as many, {@linkplain #both for both halves} of 32 bits
     */
    void encode(Spread spread, float[] factors, int[] zeroPoints, Tile x, CodeTile codes, int from, int count) {
        if (x.type != StorageType.BF16) {
            floats(
                    spread,
                    factors,
                    zeroPoints,
                    x.wideMemory(),
                    x.wideOffset(from),
                    codes.nibbles,
                    codes.memory(),
                    codes.offset(from),
                    count);
        } else {
            pairs(
                    spread,
                    factors,
                    zeroPoints,
                    x.memory(),
                    x.offset(from),
                    codes.nibbles,
                    codes.memory(),
                    codes.offset(from),
                    count);
        }
    }

    /** A zero point for two elements in 32 bits. */
    static int both(int zeroPoint) {
        return (zeroPoint << Short.SIZE) | (zeroPoint & 0xFFFF);
    }

    private void floats(
            Spread spread,
            float[] factors,
            int[] zeroPoints,
            MemorySegment x,
            long from,
            boolean nibbles,
            MemorySegment codes,
            long to,
            int count) {
        int low = this.low;
        int high = this.high;
        int mask = this.mask;
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        VectorShuffle<Integer> wholes = spread.wholes();
        for (int i = 0; i < count; i += Lanes.COUNT) {
            int run = i >> shift;
            IntVector code = FloatVector.fromMemorySegment(Lanes.FLOATS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, factors, run).rearrange(shuffle))
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .add(IntVector.fromArray(Lanes.INTS, zeroPoints, run)
                            .rearrange(wholes)
                            .lanewise(VectorOperators.ASHR, Short.SIZE))
                    .min(high)
                    .max(low)
                    .and(mask);
            if (nibbles) {
                // The code of the upper half of a 64-bit lane joins that of the lower.
                LongVector pairs = code.reinterpretAsLongs();
                ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, Integer.SIZE - 4))
                                .convertShape(VectorOperators.L2B, Lanes.EIGHTH_BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) code.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private void pairs(
            Spread spread,
            float[] factors,
            int[] zeroPoints,
            MemorySegment x,
            long from,
            boolean nibbles,
            MemorySegment codes,
            long to,
            int count) {
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        short lowest = this.lowest;
        short highest = this.highest;
        short mask = (short) this.mask;
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        VectorShuffle<Integer> wholes = spread.wholes();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            int run = (i / 2) >> shift;
            FloatVector factor =
                    FloatVector.fromArray(Lanes.FLOATS, factors, run).rearrange(shuffle);
            IntVector zeroPoint =
                    IntVector.fromArray(Lanes.INTS, zeroPoints, run).rearrange(wholes);
            IntVector both = ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                    .reinterpretAsInts();
            IntVector first = both.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts();
            IntVector second = both.and(Patterns.UPPER_HALF)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE);
            ShortVector steps = second.reinterpretAsShorts().blend(first.reinterpretAsShorts(), even);
            ShortVector pair = steps.add(zeroPoint.reinterpretAsShorts())
                    .min(highest)
                    .max(lowest)
                    .and(mask);
            if (nibbles) {
                IntVector lanes = pair.reinterpretAsInts();
                ((ByteVector) lanes.or(lanes.lanewise(VectorOperators.LSHR, TO_NIBBLE))
                                .convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) pair.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }
}
