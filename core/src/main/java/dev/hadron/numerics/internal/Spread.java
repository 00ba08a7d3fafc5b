package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.util.Optional;
import jdk.incubator.vector.VectorShuffle;

/**
 * Numbers that there is one of for a run, brought to the 32-bit lanes of a run's elements: two elements in bfloat16 are a lane, otherwise one is. The lanes
 * of vector {@code i} take theirs, by {@code shuffle}, from the vector that begins with run {@code i * Lanes.COUNT >> shift}.
 *
 * @param shift how many bits the number of lanes of a run has, less one
 * @param shuffle the run of each lane, counted from that of the first lane
 * @param wholes the same for integers
 */
record Spread(int shift, VectorShuffle<Float> shuffle, VectorShuffle<Integer> wholes) {
    /** Those made before: making one takes longer than some hundred elements do. */
    private static final Spread[] MADE = new Spread[Integer.SIZE];

    /** All lanes are of one run, however long. */
    static final Spread SINGLE = ofLanes(Integer.SIZE - 1);

    /** Each lane has its own. */
    static final Spread EACH = ofLanes(0);

    /** For elements of a type in runs of a length that is a power of two, and no half lane. */
    static Optional<Spread> of(StorageType type, int length) {
        int shift = Integer.numberOfTrailingZeros(length) - (type == StorageType.BF16 ? 1 : 0);
        return Integer.bitCount(length) == 1 && shift >= 0 ? Optional.of(ofLanes(shift)) : Optional.empty();
    }

    /** Two threads may make the same one, which does no harm. */
    private static Spread ofLanes(int shift) {
        Spread made = MADE[shift];
        if (made == null) {
            made = new Spread(
                    shift,
                    VectorShuffle.fromOp(Lanes.FLOATS, lane -> lane >> shift),
                    VectorShuffle.fromOp(Lanes.INTS, lane -> lane >> shift));
            MADE[shift] = made;
        }
        return made;
    }
}
