package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Planes;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link RunLoop} for integers and elements in bfloat16 or float32, in loops that the compiler makes vector instructions of by itself. Such a loop
 * is fast a few milliseconds after it first runs, one on the Vector API after half a second: all the time that a model of some hundred
 * megabytes takes.
 *
 * <p>The compiler does that for loops over elements of one width and can't see that a float and its bits are the same. So elements
 * go into {@link Planes}, bits become floats by a copy of the tile, and no step but the last one, which brings codes together, has another width
 * than 32 bits.
 */
final class PlaneRunLoop {
    private final RangeScale formula;
    private final int runPairs;
    private final int runsInTile;
    private final IntFormat format;
    private final int mask;
    private final int lowest;
    private final int highest;
    private final int bits;
    private final Planes planes;
    private final int[] even;
    private final int[] odd;
    private final float[] evenFloats;
    private final float[] oddFloats;
    private final float[] factors;
    private final int[] zeros;
    private final int[] together;
    private final MemorySegment togetherMemory;
    private final MemorySegment evenBits;
    private final MemorySegment oddBits;
    private final MemorySegment evenNumbers;
    private final MemorySegment oddNumbers;
    private final int[] smallest;
    private final int[] largest;

    PlaneRunLoop(RangeScale formula, StorageType type, int length, long runs) {
        this.formula = formula;
        format = (IntFormat) formula.format();
        bits = format.bits();
        mask = format.mask();
        lowest = format.lowest();
        highest = format.highest();
        runPairs = length / 2;
        runsInTile = (int) Math.min(runs, Tile.SIZE / length);
        int pairs = runsInTile * runPairs;
        planes = new Planes(type, pairs);
        even = planes.even;
        odd = planes.odd;
        evenFloats = new float[pairs];
        oddFloats = new float[pairs];
        factors = new float[pairs];
        zeros = new int[pairs];
        together = new int[pairs];
        togetherMemory = MemorySegment.ofArray(together);
        evenBits = MemorySegment.ofArray(even);
        oddBits = MemorySegment.ofArray(odd);
        evenNumbers = MemorySegment.ofArray(evenFloats);
        oddNumbers = MemorySegment.ofArray(oddFloats);
        smallest = new int[runsInTile];
        largest = new int[runsInTile];
    }

    /** Whether the loop is for such runs: their codes are whole words, rounded half to even. */
    static boolean isFor(RangeScale formula, StorageType type, long length) {
        return formula.format() instanceof IntFormat format
                && (format.bits() == 4 || format.bits() == Byte.SIZE)
                && formula.rounding() == RoundType.HALF_EVEN
                && !formula.hasFloatZeroPoint()
                && Planes.areFor(type)
                && length % 8 == 0;
    }

    /** As {@link dev.hadron.numerics.Kernels#quantizeRuns}. */
    long quantize(
            MemorySegment x,
            long from,
            long runs,
            MemorySegment target,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        int length = 2 * runPairs;
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first;
            planes.load(x, from + first * length, count * runPairs);
            ranges(even, odd, runPairs, count, smallest, largest);
            int bad = scales(count, scales, zeroPoints, at);
            if (bad >= 0) {
                return first + bad;
            }
            encode(x, from + first * length, count, scales, zeroPoints, at);
            store(target, to + first * length, count * runPairs);
        }
        return -1;
    }

    /** As integers that are ordered like the numbers, NaN beyond both ends. */
    private static void ranges(int[] even, int[] odd, int pairs, int runs, int[] smallest, int[] largest) {
        for (int run = 0; run < runs; run++) {
            int least = Integer.MAX_VALUE;
            int most = Integer.MIN_VALUE;
            for (int i = run * pairs; i < (run + 1) * pairs; i++) {
                int one = ordered(even[i]);
                int other = ordered(odd[i]);
                least = Math.min(least, Math.min(one, other));
                most = Math.max(most, Math.max(one, other));
            }
            smallest[run] = least;
            largest[run] = most;
        }
    }

    /** Negative numbers' bits grow with their magnitude. Its own inverse. */
    private static int ordered(int bits) {
        return bits ^ ((bits >> (Integer.SIZE - 1)) & Patterns.MAGNITUDE);
    }

    private int scales(int runs, float[] scales, float[] zeroPoints, int at) {
        for (int run = 0; run < runs; run++) {
            Range range = new Range(
                    Float.intBitsToFloat(ordered(smallest[run])), Float.intBitsToFloat(ordered(largest[run])));
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[at + run] = parameters.scale();
            zeroPoints[at + run] = parameters.zeroPoint();
        }
        return -1;
    }

    /** A pair of codes goes to one element of {@link #together}. Loops over a run would be too short for vectors: they go over the tile. */
    private void encode(MemorySegment x, long from, int runs, float[] scales, float[] zeroPoints, int at) {
        int pairs = runs * runPairs;
        boolean stable = true;
        for (int run = 0; run < runs; run++) {
            Arrays.fill(factors, run * runPairs, (run + 1) * runPairs, 1f / scales[at + run]);
            Arrays.fill(zeros, run * runPairs, (run + 1) * runPairs, (int) zeroPoints[at + run]);
            stable &= isStable(scales[at + run], zeroPoints[at + run]);
        }
        // Steps from zero, in the form of Patterns.SHIFT.
        long bytes = (long) pairs * Integer.BYTES;
        MemorySegment.copy(evenBits, 0, evenNumbers, 0, bytes);
        MemorySegment.copy(oddBits, 0, oddNumbers, 0, bytes);
        shift(factors, evenFloats, oddFloats, pairs);
        MemorySegment.copy(evenNumbers, 0, evenBits, 0, bytes);
        MemorySegment.copy(oddNumbers, 0, oddBits, 0, bytes);
        clamp(Patterns.WHOLE + lowest, Patterns.WHOLE + highest, zeros, mask, bits, even, odd, together, pairs);
        if (!stable) {
            planes.load(x, from, pairs);
            encodeUnstable(runs, scales, zeroPoints, at);
        }
    }

    private boolean isStable(float scale, float zeroPoint) {
        return StableCodes.isUsual(format, scale, zeroPoint)
                && StableCodes.areStable(format, formula.rounding(), formula.workingType(), scale, (int) zeroPoint);
    }

    private static void shift(float[] factors, float[] even, float[] odd, int count) {
        for (int i = 0; i < count; i++) {
            even[i] = even[i] * factors[i] + Patterns.SHIFT;
            odd[i] = odd[i] * factors[i] + Patterns.SHIFT;
        }
    }

    private static void clamp(
            int low, int high, int[] zeros, int mask, int bits, int[] even, int[] odd, int[] together, int count) {
        for (int i = 0; i < count; i++) {
            int one = Math.min(Math.max(even[i] + zeros[i], low), high) & mask;
            int other = Math.min(Math.max(odd[i] + zeros[i], low), high) & mask;
            together[i] = one | (other << bits);
        }
    }

    private void encodeUnstable(int runs, float[] scales, float[] zeroPoints, int at) {
        for (int run = 0; run < runs; run++) {
            if (!isStable(scales[at + run], zeroPoints[at + run])) {
                encodeByDefinition(scales[at + run], zeroPoints[at + run], run * runPairs, (run + 1) * runPairs);
            }
        }
    }

    private void encodeByDefinition(float scale, float zeroPoint, int from, int to) {
        ElementQuantizer quantizer = formula.quantizer(scale, zeroPoint);
        for (int i = from; i < to; i++) {
            int one = quantizer.storedCode(Float.intBitsToFloat(even[i])) & mask;
            int other = quantizer.storedCode(Float.intBitsToFloat(odd[i])) & mask;
            together[i] = one | (other << bits);
        }
    }

    private void store(MemorySegment target, long to, int pairs) {
        if (bits == Byte.SIZE) {
            joinHalves(together, pairs / 2);
            MemorySegment.copy(togetherMemory, 0, target, to, 2L * pairs);
        } else {
            joinBytes(together, pairs / 4);
            MemorySegment.copy(togetherMemory, 0, target, to / 2, pairs);
        }
    }

    private static void joinHalves(int[] together, int words) {
        for (int i = 0; i < words; i++) {
            together[i] = together[2 * i] | (together[2 * i + 1] << 16);
        }
    }

    private static void joinBytes(int[] together, int words) {
        for (int i = 0; i < words; i++) {
            int low = together[4 * i] | (together[4 * i + 1] << 8);
            int high = together[4 * i + 2] | (together[4 * i + 3] << 8);
            together[i] = low | (high << 16);
        }
    }
}
