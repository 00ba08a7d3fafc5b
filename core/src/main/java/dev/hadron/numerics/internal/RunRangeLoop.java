package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The ranges of many runs of bfloat16 at a time, found while the elements are on their way from memory to a tile: the processor compares what has
 * arrived while it waits for more. Four vectors become one, and those of a run one number, in flat loops, which have no cost for each run.
 */
final class RunRangeLoop {
    private static final int VECTORS = 4;

    private final int length;
    private final int quadsOfRun;
    private final int[] lanes;

    /** For runs of that length, up to {@code runs} at a time. */
    RunRangeLoop(int length, int runs) {
        this.length = length;
        quadsOfRun = length / (VECTORS * Lanes.UNITS.length());
        lanes = new int[2 * runs * quadsOfRun * Lanes.COUNT + Lanes.PADDING];
    }

    /**
     * Whether the loop is for such runs. Memory outside the heap is all of one kind to the compiler: a loop that has seen other kinds would ask for it
     * with each vector.
     */
    static boolean isFor(StorageType type, int length, MemorySegment x) {
        return type == StorageType.BF16
                && Integer.bitCount(length) == 1
                && length % (VECTORS * Lanes.UNITS.length()) == 0
                && x.isNative();
    }

    /** Loads the tile from element {@code from} on, and finds ranges as {@link RangeLoop#ranges} does. */
    void load(MemorySegment x, long from, Tile tile, int runs, float[] mins, float[] maxs) {
        int quads = runs * quadsOfRun;
        quads(x, from * Short.BYTES, tile.units, lanes, quads);
        tile.loaded(runs * length);
        HalvingLoop.largest(lanes, quadsOfRun * Lanes.COUNT, 2 * runs);
        for (int run = 0; run < runs; run++) {
            int largest = lanes[run];
            int smallest = lanes[runs + run] ^ Patterns.SIGN;
            mins[run] = Float.intBitsToFloat(smallest);
            maxs[run] = Float.intBitsToFloat(largest);
            if (RangeLoop.isNaN(largest, smallest)) {
                mins[run] = Float.NaN;
                maxs[run] = Float.NaN;
            } else if (largest < 0 || smallest >= 0) {
                rangeOfOneSign(tile.units, run * length, mins, maxs, run);
            }
        }
    }

    /** The largest signed and the largest unsigned patterns of four vectors, as float32; those in order, then these with the sign flipped. */
    private static void quads(MemorySegment source, long from, short[] x, int[] lanes, int quads) {
        for (int i = 0; i < quads; i++) {
            int at = i * VECTORS * Lanes.UNITS.length();
            long start = from + (long) at * Short.BYTES;
            ShortVector a = ShortVector.fromMemorySegment(Lanes.UNITS, source, start, ByteOrder.LITTLE_ENDIAN);
            ShortVector b =
                    ShortVector.fromMemorySegment(Lanes.UNITS, source, start + Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            ShortVector c = ShortVector.fromMemorySegment(
                    Lanes.UNITS, source, start + 2L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            ShortVector d = ShortVector.fromMemorySegment(
                    Lanes.UNITS, source, start + 3L * Lanes.PADDING, ByteOrder.LITTLE_ENDIAN);
            a.intoArray(x, at);
            b.intoArray(x, at + Lanes.UNITS.length());
            c.intoArray(x, at + 2 * Lanes.UNITS.length());
            d.intoArray(x, at + 3 * Lanes.UNITS.length());
            IntVector most = a.max(b).max(c.max(d)).reinterpretAsInts();
            IntVector least = a.lanewise(VectorOperators.UMAX, b)
                    .lanewise(VectorOperators.UMAX, c.lanewise(VectorOperators.UMAX, d))
                    .lanewise(VectorOperators.XOR, Short.MIN_VALUE)
                    .reinterpretAsInts();
            most.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .max(most.and(Patterns.UPPER_HALF))
                    .intoArray(lanes, i * Lanes.COUNT);
            least.lanewise(VectorOperators.LSHL, Short.SIZE)
                    .max(least.and(Patterns.UPPER_HALF))
                    .intoArray(lanes, (quads + i) * Lanes.COUNT);
        }
    }

    /** Hardly a run of weights: with numbers of one sign the two patterns aren't both ends. */
    private void rangeOfOneSign(short[] x, int from, float[] mins, float[] maxs, int run) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            float value = Float.intBitsToFloat(x[i] << Short.SIZE);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        mins[run] = min;
        maxs[run] = max;
    }
}
