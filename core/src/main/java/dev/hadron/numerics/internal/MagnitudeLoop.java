package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The largest magnitudes of runs of elements, as bit patterns of float32, which are ordered like the numbers; those of infinity and NaN are above
 * all others. Elements of 16 bits are compared as they are, twice as many at a time.
 */
final class MagnitudeLoop {
    private static final short UNIT_MAGNITUDE = Short.MAX_VALUE;
    private static final int LONGEST_HALVED = 64;

    private final StorageType type;
    private final int length;
    private final int[] halved;
    private final short[] quartered;

    /** For runs of that length, up to {@code runs} at a time. */
    MagnitudeLoop(StorageType type, int length, int runs) {
        this.type = type;
        this.length = length;
        boolean wide = type == StorageType.F32;
        halved = new int[isHalved() && wide ? runs * length / 2 + Lanes.PADDING : 0];
        quartered = new short[isHalved() && !wide ? runs * length / 4 + Lanes.PADDING : 0];
    }

    /** The pattern of the largest magnitude of each run. */
    void largest(Tile x, int runs, int[] largest) {
        if (isHalved()) {
            if (type == StorageType.F32) {
                HalvingLoop.halveMagnitudes(x.memory(), x.offset(0), halved, runs * length);
                HalvingLoop.largest(halved, length / 2, runs);
                System.arraycopy(halved, 0, largest, 0, runs);
            } else {
                HalvingLoop.quarterMagnitudes(x.memory(), x.offset(0), quartered, runs * length);
                HalvingLoop.largest(quartered, length / 4, runs);
                for (int run = 0; run < runs; run++) {
                    largest[run] = quartered[run] << Short.SIZE;
                }
            }
        } else if (type == StorageType.F32) {
            ofFloats(x.memory(), x.offset(0), runs, largest);
        } else {
            ofUnits(x.memory(), x.offset(0), runs, largest);
        }
        if (type == StorageType.F16) {
            ofHalves(runs, largest);
        }
    }

    /** In which parts the loop passes over elements: whole vectors, or runs one by one. */
    int pass() {
        return isHalved() ? Lanes.UNITS.length() : length;
    }

    /** The largest of so many elements. */
    static int largest(Tile x, int count) {
        int[] largest = new int[1];
        MagnitudeLoop loop = new MagnitudeLoop(x.type, count, 0);
        if (x.type == StorageType.F32) {
            loop.ofFloats(x.memory(), x.offset(0), 1, largest);
        } else {
            loop.ofUnits(x.memory(), x.offset(0), 1, largest);
        }
        if (x.type == StorageType.F16) {
            loop.ofHalves(1, largest);
        }
        return largest[0];
    }

    /** Whether runs are short enough for halving all of them at once to be faster than reducing each. */
    private boolean isHalved() {
        return length >= 4 && length <= LONGEST_HALVED && Integer.bitCount(length) == 1;
    }

    private void ofFloats(MemorySegment x, long start, int runs, int[] largest) {
        int whole = length - length % Lanes.COUNT;
        VectorMask<Integer> rest = Lanes.INTS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            long from = start + 4L * run * length;
            IntVector all = IntVector.zero(Lanes.INTS);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                all = all.max(IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                        .and(Patterns.MAGNITUDE));
            }
            if (whole < length) {
                IntVector last = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * whole, ByteOrder.LITTLE_ENDIAN)
                        .and(Patterns.MAGNITUDE);
                all = all.lanewise(VectorOperators.MAX, last, rest);
            }
            largest[run] = all.reduceLanes(VectorOperators.MAX);
        }
    }

    private void ofUnits(MemorySegment x, long start, int runs, int[] largest) {
        int whole = length - length % Lanes.UNITS.length();
        VectorMask<Short> rest = Lanes.UNITS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            long from = start + 2L * run * length;
            ShortVector all = ShortVector.zero(Lanes.UNITS);
            for (int i = 0; i < whole; i += Lanes.UNITS.length()) {
                all = all.max(ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                        .and(UNIT_MAGNITUDE));
            }
            if (whole < length) {
                ShortVector last = ShortVector.fromMemorySegment(
                                Lanes.UNITS, x, from + 2L * whole, ByteOrder.LITTLE_ENDIAN)
                        .and(UNIT_MAGNITUDE);
                all = all.lanewise(VectorOperators.MAX, last, rest);
            }
            largest[run] = all.reduceLanes(VectorOperators.MAX) << Short.SIZE;
        }
    }

    /** From patterns of halves in the upper half of 32 bits. */
    private void ofHalves(int runs, int[] largest) {
        for (int run = 0; run < runs; run++) {
            largest[run] = Float.floatToRawIntBits(Float.float16ToFloat((short) (largest[run] >> Short.SIZE)));
        }
    }
}
