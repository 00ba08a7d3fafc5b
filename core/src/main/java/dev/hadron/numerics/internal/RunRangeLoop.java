package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The ranges of many runs at a time: four vectors become one, and those of a run one number, in flat loops, which have no cost for each run.
 */
final class RunRangeLoop {
    private static final int VECTORS = 4;

    /** What {@link HalvingLoop#ofFour} leaves of a vector. */
    private static final int PER_UNITS = Lanes.UNITS.length() / 4;

    private final int length;
    private final int quadsOfRun;
    private final int[] lanes;
    private final short[] quarters;

    /** For runs of that length, up to {@code runs} at a time. */
    RunRangeLoop(StorageType type, int length, int runs) {
        this.length = length;
        quadsOfRun = length / quad(type);
        int vectors = 2 * runs * quadsOfRun;
        boolean wide = type == StorageType.F32;
        lanes = new int[wide ? vectors * Lanes.COUNT + Lanes.PADDING : 0];
        quarters = new short[wide ? 0 : vectors * PER_UNITS + Lanes.PADDING];
    }

    /** Whether the loop is for such runs. */
    static boolean isFor(StorageType type, int length) {
        return type != StorageType.F16 && Integer.bitCount(length) == 1 && length % quad(type) == 0;
    }

    private static int quad(StorageType type) {
        return VECTORS * Lanes.PADDING / type.bytes();
    }

    /** Finds ranges as {@link RangeLoop#ranges} does. */
    void ranges(Tile tile, int runs, float[] mins, float[] maxs) {
        int quads = runs * quadsOfRun;
        if (tile.type == StorageType.F32) {
            floats(tile.memory(), tile.offset(0), lanes, quads);
            HalvingLoop.largest(lanes, quadsOfRun * Lanes.COUNT, 2 * runs);
        } else {
            units(tile.memory(), tile.offset(0), quarters, quads);
            HalvingLoop.largest(quarters, quadsOfRun * PER_UNITS, 2 * runs);
        }
        boolean wide = tile.type == StorageType.F32;
        for (int run = 0; run < runs; run++) {
            int largest = wide ? lanes[run] : quarters[run] << Short.SIZE;
            int smallest = (wide ? lanes[runs + run] : quarters[runs + run] << Short.SIZE) ^ Patterns.SIGN;
            mins[run] = Float.intBitsToFloat(smallest);
            maxs[run] = Float.intBitsToFloat(largest);
            if (RangeLoop.isNaN(largest, smallest)) {
                mins[run] = Float.NaN;
                maxs[run] = Float.NaN;
            } else if (largest < 0 || smallest >= 0) {
                rangeOfOneSign(tile, run * length, mins, maxs, run);
            }
        }
    }

    /** The largest signed and the largest unsigned patterns of four vectors; those in order, then these with the sign flipped. */
    private static void floats(MemorySegment x, long from, int[] lanes, int quads) {
        for (int i = 0; i < quads * Lanes.COUNT; i += Lanes.COUNT) {
            long start = from + 4L * VECTORS * i;
            IntVector a = IntVector.fromMemorySegment(Lanes.INTS, x, start, ByteOrder.LITTLE_ENDIAN);
            IntVector b = IntVector.fromMemorySegment(Lanes.INTS, x, start + Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            IntVector c =
                    IntVector.fromMemorySegment(Lanes.INTS, x, start + 2L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            IntVector d =
                    IntVector.fromMemorySegment(Lanes.INTS, x, start + 3L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            a.max(b).max(c.max(d)).intoArray(lanes, i);
            a.lanewise(VectorOperators.UMAX, b)
                    .lanewise(VectorOperators.UMAX, c.lanewise(VectorOperators.UMAX, d))
                    .lanewise(VectorOperators.XOR, Patterns.SIGN)
                    .intoArray(lanes, quads * Lanes.COUNT + i);
        }
    }

    /** The same of bfloat16. */
    private static void units(MemorySegment x, long from, short[] quarters, int quads) {
        for (int i = 0; i < quads * PER_UNITS; i += PER_UNITS) {
            long start = from + 8L * VECTORS * i;
            ShortVector a = ShortVector.fromMemorySegment(Lanes.UNITS, x, start, ByteOrder.LITTLE_ENDIAN);
            ShortVector b =
                    ShortVector.fromMemorySegment(Lanes.UNITS, x, start + Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            ShortVector c =
                    ShortVector.fromMemorySegment(Lanes.UNITS, x, start + 2L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            ShortVector d =
                    ShortVector.fromMemorySegment(Lanes.UNITS, x, start + 3L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            HalvingLoop.ofFour(a.max(b).max(c.max(d))).intoArray(quarters, i);
            ShortVector least = a.lanewise(VectorOperators.UMAX, b)
                    .lanewise(VectorOperators.UMAX, c.lanewise(VectorOperators.UMAX, d))
                    .lanewise(VectorOperators.XOR, Short.MIN_VALUE);
            HalvingLoop.ofFour(least).intoArray(quarters, quads * PER_UNITS + i);
        }
    }

    /** Hardly a run of weights: with numbers of one sign the two patterns aren't both ends. */
    private void rangeOfOneSign(Tile tile, int from, float[] mins, float[] maxs, int run) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            float value = tile.at(i);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        mins[run] = min;
        maxs[run] = max;
    }
}
