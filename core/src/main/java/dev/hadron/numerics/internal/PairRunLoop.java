package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.PairScale;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** Blocks of pairs, several at a time; a tile with a block of extreme numbers goes to the plain loops. */
final class PairRunLoop {
    private static final int SMALLEST_POWER = (Patterns.BIAS - 100) << Patterns.FRACTION;
    private static final int LARGEST_POWER = (Patterns.BIAS + 100) << Patterns.FRACTION;
    private static final int SUBNORMAL_HALF = (Patterns.BIAS - 15) << Patterns.FRACTION;

    private final PairScale formula;
    private final ScalarKernels scalar;
    private final int length;
    private final int runsInTile;
    private final StorageType type;
    private final Tile tile;
    private final CodeTile codes;
    private final float[] pairSteps;
    private final MagnitudeLoop magnitudes;
    private final int[] largest;
    private final int least;
    private final int[] powers;
    private final Optional<Spread> spread;
    private final PairLoop pairs;

    PairRunLoop(PairScale formula, ScalarKernels scalar, StorageType type, int length, long runs) {
        this.formula = formula;
        this.scalar = scalar;
        this.type = type;
        this.length = length;
        runsInTile = (int) Math.min(runs, Tile.SIZE / length);
        codes = new CodeTile(formula.format().bits());
        pairSteps = new float[runsInTile * length / 2 + Lanes.PADDING];
        magnitudes = new MagnitudeLoop(type, length, runsInTile);
        tile = new Tile(type, magnitudes.pass());
        largest = new int[runsInTile];
        spread = Spread.of(StorageType.F32, length);
        powers = new int[(spread.isPresent() ? runsInTile : runsInTile * length) + Lanes.PADDING];
        least = formula.workingType() == WorkingType.FLOAT16 ? SUBNORMAL_HALF : 0;
        pairs = new PairLoop(formula, least);
    }

    /** Whether this loop is for such runs. */
    static boolean isFor(long length) {
        return length <= Tile.SIZE && length % PairScale.PAIR == 0;
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
        int perRun = length / PairScale.PAIR;
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first * perRun;
            long start = first * length;
            if (load(x, from + start, count)) {
                codes.open(target, to + start, count * length);
                if (type == StorageType.BF16 && spread.isPresent()) {
                    pairs.quantizeUnits(
                            Spread.of(type, length).orElseThrow(), powers, tile, codes, pairSteps, count * length);
                } else {
                    pairs.quantize(spread.orElse(Spread.EACH), powers, tile, codes, pairSteps, count * length);
                }
                System.arraycopy(pairSteps, 0, scales, at, count * perRun);
                codes.close();
                continue;
            }
            long bad = scalar.quantizeRuns(
                    formula, x, type, from + start, count, length, target, to + start, scales, zeroPoints, at);
            if (bad >= 0) {
                return first + bad;
            }
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#fakeQuantizeRuns}. */
    long fakeQuantize(MemorySegment x, long from, long runs) {
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            long start = from + first * length;
            if (load(x, start, count)) {
                pairs.fakeQuantize(spread.orElse(Spread.EACH), powers, tile.floats(), count * length);
                WorkingTypeLoop.round(formula.workingType(), tile.floats(), 0, count * length);
                tile.store(x, start);
                continue;
            }
            long bad = scalar.fakeQuantizeRuns(formula, x, start, count, length);
            if (bad >= 0) {
                return first + bad;
            }
        }
        return -1;
    }

    /** Loads a tile and tells its blocks, or says that it must go to the plain loops. */
    private boolean load(MemorySegment x, long from, int runs) {
        tile.load(x, from, runs * length);
        magnitudes.largest(tile, runs, largest);
        int wrong = 0;
        for (int run = 0; run < runs; run++) {
            int power = Math.max(largest[run] & Patterns.INFINITY, least);
            powers[run] = power;
            // Negative where the power is outside.
            wrong |= (power - SMALLEST_POWER) | (LARGEST_POWER - power);
        }
        if (wrong < 0) {
            return false;
        }
        // Runs that no spread is for have a power for each element; from the last run on, so that none is overwritten
        // before it is read.
        for (int run = runs - 1; spread.isEmpty() && run >= 0; run--) {
            Arrays.fill(powers, run * length, (run + 1) * length, powers[run]);
        }
        return true;
    }
}
