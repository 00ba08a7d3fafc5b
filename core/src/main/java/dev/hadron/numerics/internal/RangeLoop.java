package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The ranges of runs of elements by integer comparison of their bit patterns, which takes one instruction where a float minimum
 * takes five to get NaN and −0 right.
 *
 * <p>As signed integers the patterns of positive numbers are ordered like the numbers and above all negative ones; as unsigned
 * integers those of negative numbers are ordered by magnitude and above all positive ones. So the largest signed pattern is
 * the maximum and the largest unsigned one the minimum, if there are numbers of both signs.
 *
 * <p>Elements of 16 bits are compared as they are, twice as many at a time. With all bits of negative ones but the sign flipped, which is its own
 * inverse, their patterns are ordered like the numbers, NaN beyond infinity on both sides.
 */
final class RangeLoop {
    private static final int MINUS_INFINITY = Patterns.SIGN | Patterns.INFINITY;
    private static final short MAGNITUDE = Short.MAX_VALUE;

    private RangeLoop() {}

    /** The ranges of {@code runs} runs of {@code length} elements, at least one; both ends NaN where a number is. */
    static void ranges(Tile x, int length, int runs, float[] mins, float[] maxs) {
        if (x.type == StorageType.F32) {
            ofFloats(x.memory(), x.offset(0), length, runs, mins, maxs);
        } else {
            ofUnits(x.type, x.memory(), x.offset(0), length, runs, mins, maxs);
        }
    }

    private static void ofFloats(MemorySegment x, long start, int length, int runs, float[] mins, float[] maxs) {
        int whole = length - length % Lanes.COUNT;
        VectorMask<Integer> rest = Lanes.INTS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            long from = start + 4L * run * length;
            IntVector signed = IntVector.broadcast(Lanes.INTS, Integer.MIN_VALUE);
            IntVector unsigned = IntVector.zero(Lanes.INTS);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                IntVector bits = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN);
                signed = signed.max(bits);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, bits);
            }
            if (whole < length) {
                IntVector bits = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * whole, ByteOrder.LITTLE_ENDIAN);
                signed = signed.lanewise(VectorOperators.MAX, bits, rest);
                unsigned = unsigned.lanewise(VectorOperators.UMAX, bits, rest);
            }
            // A signed reduction is the only one that is a single instruction per halving.
            int largest = signed.reduceLanes(VectorOperators.MAX);
            int smallest = unsigned.lanewise(VectorOperators.XOR, Patterns.SIGN).reduceLanes(VectorOperators.MAX)
                    ^ Patterns.SIGN;
            mins[run] = Float.intBitsToFloat(smallest);
            maxs[run] = Float.intBitsToFloat(largest);
            if (isNaN(largest, smallest)) {
                mins[run] = Float.NaN;
                maxs[run] = Float.NaN;
            } else if (largest < 0 || smallest >= 0) {
                rangeOfOneSign(largest < 0, x, from, whole, rest, mins, maxs, run);
            }
        }
    }

    /** Whether a number is NaN among those with the largest signed and the largest unsigned pattern. */
    static boolean isNaN(int signed, int unsigned) {
        return signed > Patterns.INFINITY || (unsigned > MINUS_INFINITY && unsigned < 0);
    }

    /** Magnitudes are ordered like signed integers. */
    private static void rangeOfOneSign(
            boolean negative,
            MemorySegment x,
            long from,
            int whole,
            VectorMask<Integer> rest,
            float[] mins,
            float[] maxs,
            int run) {
        IntVector min = IntVector.broadcast(Lanes.INTS, Integer.MAX_VALUE);
        IntVector max = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            IntVector magnitude = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                    .and(Patterns.MAGNITUDE);
            min = min.min(magnitude);
            max = max.max(magnitude);
        }
        if (rest.anyTrue()) {
            IntVector magnitude = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * whole, ByteOrder.LITTLE_ENDIAN)
                    .and(Patterns.MAGNITUDE);
            min = min.lanewise(VectorOperators.MIN, magnitude, rest);
            max = max.lanewise(VectorOperators.MAX, magnitude, rest);
        }
        float nearest = Float.intBitsToFloat(min.reduceLanes(VectorOperators.MIN));
        float farthest = Float.intBitsToFloat(max.reduceLanes(VectorOperators.MAX));
        mins[run] = negative ? -farthest : nearest;
        maxs[run] = negative ? -nearest : farthest;
    }

    private static void ofUnits(
            StorageType type, MemorySegment x, long start, int length, int runs, float[] mins, float[] maxs) {
        int whole = length - length % Lanes.UNITS.length();
        VectorMask<Short> rest = Lanes.UNITS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            long from = start + 2L * run * length;
            ShortVector least = ShortVector.broadcast(Lanes.UNITS, Short.MAX_VALUE);
            ShortVector most = ShortVector.broadcast(Lanes.UNITS, Short.MIN_VALUE);
            for (int i = 0; i < whole; i += Lanes.UNITS.length()) {
                ShortVector bits =
                        ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN);
                ShortVector ordered = bits.lanewise(
                        VectorOperators.XOR,
                        bits.lanewise(VectorOperators.ASHR, Short.SIZE - 1).and(MAGNITUDE));
                least = least.min(ordered);
                most = most.max(ordered);
            }
            if (whole < length) {
                ShortVector bits =
                        ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * whole, ByteOrder.LITTLE_ENDIAN);
                ShortVector ordered = bits.lanewise(
                        VectorOperators.XOR,
                        bits.lanewise(VectorOperators.ASHR, Short.SIZE - 1).and(MAGNITUDE));
                least = least.lanewise(VectorOperators.MIN, ordered, rest);
                most = most.lanewise(VectorOperators.MAX, ordered, rest);
            }
            mins[run] = wide(type, flipped(least.reduceLanes(VectorOperators.MIN)));
            maxs[run] = wide(type, flipped(most.reduceLanes(VectorOperators.MAX)));
        }
        spreadNaN(mins, maxs, runs);
    }

    private static int flipped(int unit) {
        return unit ^ ((unit >> (Short.SIZE - 1)) & MAGNITUDE);
    }

    private static float wide(StorageType type, int unit) {
        return type == StorageType.BF16 ? Float.intBitsToFloat(unit << Short.SIZE) : Float.float16ToFloat((short) unit);
    }

    private static void spreadNaN(float[] mins, float[] maxs, int runs) {
        for (int run = 0; run < runs; run++) {
            if (Float.isNaN(mins[run]) || Float.isNaN(maxs[run])) {
                mins[run] = Float.NaN;
                maxs[run] = Float.NaN;
            }
        }
    }
}
