package dev.hadron.numerics.internal;

import dev.hadron.numerics.Range;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The range of floats by integer comparison. Bit patterns whose lower bits are flipped where the sign is set are ordered like
 * the numbers: NaN with a sign, −∞, …, −0, +0, …, ∞, NaN. Two integer instructions replace the five that a float minimum
 * takes to get NaN and −0 right.
 */
final class RangeLoop {
    private static final int INFINITY = ordered(Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    private static final int MINUS_INFINITY = ordered(Float.floatToRawIntBits(Float.NEGATIVE_INFINITY));

    private RangeLoop() {}

    /** The range of {@code count} floats, which must be a multiple of {@link Lanes#COUNT}. */
    static Range range(MemorySegment x, long from, long count) {
        IntVector min = IntVector.broadcast(Lanes.INTS, INFINITY);
        IntVector max = IntVector.broadcast(Lanes.INTS, MINUS_INFINITY);
        for (long i = from; i < from + count; i += Lanes.COUNT) {
            IntVector bits = Lanes.floatBits(x, i);
            IntVector flips =
                    bits.lanewise(VectorOperators.ASHR, Integer.SIZE - 1).and(Integer.MAX_VALUE);
            IntVector ordered = bits.lanewise(VectorOperators.XOR, flips);
            min = min.min(ordered);
            max = max.max(ordered);
        }
        int smallest = min.reduceLanes(VectorOperators.MIN);
        int largest = max.reduceLanes(VectorOperators.MAX);
        if (smallest < MINUS_INFINITY || largest > INFINITY) {
            return new Range(Float.NaN, Float.NaN);
        }
        return new Range(Float.intBitsToFloat(ordered(smallest)), Float.intBitsToFloat(ordered(largest)));
    }

    /** Its own inverse. */
    private static int ordered(int bits) {
        return bits ^ (bits >> (Integer.SIZE - 1) & Integer.MAX_VALUE);
    }
}
