package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Several whole runs at a time, in three passes over a tile in the first-level cache: ranges, scales, codes. A scale is a long
 * chain of instructions that depend on each other; in a pass of their own, the chains of neighbouring runs overlap.
 */
final class RunLoop {
    private final RangeScale formula;
    private final int length;
    private final int runsInTile;
    private final ElementLoop elements;
    private final Optional<Spread> spread;
    private final Tile tile;
    private final CodeTile codes;
    private final float[] mins;
    private final float[] maxs;
    private final float[] steps;
    private final float[] zeros;
    private final int[] largest;
    private final MagnitudeLoop magnitudes;
    private final RangeScaleLoop parameters;

    RunLoop(RangeScale formula, StorageType type, int length, long runs) {
        this.formula = formula;
        this.length = length;
        runsInTile = (int) Math.min(runs, Tile.SIZE / length);
        elements = ElementLoop.of(formula);
        elements.prepare(runsInTile);
        spread = Spread.of(type, length);
        tile = new Tile(type, length);
        codes = new CodeTile(formula.format().bits(), length);
        mins = new float[runsInTile + Lanes.PADDING];
        maxs = new float[mins.length];
        steps = new float[mins.length];
        zeros = new float[mins.length];
        largest = new int[runsInTile];
        magnitudes = new MagnitudeLoop(type, length, runsInTile);
        parameters = new RangeScaleLoop(formula, runsInTile);
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
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first;
            load(x, from + first * length, count);
            codes.open(target, to + first * length, count * length);
            int bad = scales(count, scales, zeroPoints, at);
            if (bad >= 0) {
                return first + bad;
            }
            if (areTold(count, scales, zeroPoints, at)) {
                elements.quantizeRuns(spread.get(), tile, codes, 0, count * length);
            } else {
                for (int run = 0; run < count; run++) {
                    quantize(run, scales[at + run], zeroPoints[at + run]);
                }
            }
            codes.close();
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#fakeQuantizeRuns}. */
    long fakeQuantize(MemorySegment x, long from, long runs) {
        float[] scales = new float[runsInTile];
        float[] zeroPoints = new float[runsInTile];
        float[] results = new float[runsInTile * length + Lanes.PADDING];
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            load(x, from + first * length, count);
            int bad = scales(count, scales, zeroPoints, 0);
            if (bad >= 0) {
                return first + bad;
            }
            for (int run = 0; run < count; run++) {
                fakeQuantize(run, scales[run], zeroPoints[run], results);
            }
            System.arraycopy(results, 0, tile.floats(), 0, count * length);
            tile.store(x, from + first * length);
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#dequantizeRuns}. */
    void dequantize(
            MemorySegment source,
            long from,
            long runs,
            float[] scales,
            float[] zeroPoints,
            int firstScale,
            MemorySegment y,
            long to) {
        byte[] bytes = new byte[runsInTile * length + Lanes.PADDING];
        float[] floats = new float[bytes.length];
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first;
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from + first * length, bytes, 0, count * length);
            for (int run = 0; run < count; run++) {
                int start = run * length;
                elements.dequantize(scales[at + run], zeroPoints[at + run], bytes, start, floats, start, length);
            }
            MemorySegment.copy(floats, 0, y, Tensor.FLOAT, (to + first * length) * Float.BYTES, count * length);
        }
    }

    /** The elements of runs, and their ranges. */
    private void load(MemorySegment x, long from, int runs) {
        tile.load(x, from, runs * length);
        if (!RangeScaleLoop.isOfMagnitude(formula)) {
            RangeLoop.ranges(tile, length, runs, mins, maxs);
            return;
        }
        magnitudes.largest(tile, runs, largest);
        for (int run = 0; run < runs; run++) {
            maxs[run] = Float.intBitsToFloat(largest[run]);
            mins[run] = -maxs[run];
        }
    }

    private int scales(int runs, float[] scales, float[] zeroPoints, int at) {
        if (RangeScaleLoop.isFor(formula) && parameters.parameters(mins, maxs, runs, scales, zeroPoints, at)) {
            return -1;
        }
        for (int run = 0; run < runs; run++) {
            Range range = new Range(mins[run], maxs[run]);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters found = formula.parameters(range);
            scales[at + run] = found.scale();
            zeroPoints[at + run] = found.zeroPoint();
        }
        return -1;
    }

    /** Tells all runs of a tile, or says that there is no common pass for one of them. */
    private boolean areTold(int runs, float[] scales, float[] zeroPoints, int at) {
        if (spread.isEmpty() || !elements.quantizesRuns(tile, codes)) {
            return false;
        }
        System.arraycopy(scales, at, steps, 0, runs);
        System.arraycopy(zeroPoints, at, zeros, 0, runs);
        if (elements.runs(steps, zeros, mins, maxs, runs)) {
            return true;
        }
        boolean told = true;
        for (int run = 0; told && run < runs; run++) {
            told = elements.covers(steps[run], zeros[run], largest(run)) && elements.run(steps[run], zeros[run], run);
        }
        return told;
    }

    private void quantize(int run, float scale, float zeroPoint) {
        int start = run * length;
        if (elements.covers(scale, zeroPoint, largest(run))) {
            elements.quantize(scale, zeroPoint, tile, codes, start, length);
            return;
        }
        ElementQuantizer quantizer = formula.quantizer(scale, zeroPoint);
        for (int i = start; i < start + length; i++) {
            codes.set(i, quantizer.storedCode(tile.at(i)));
        }
    }

    private void fakeQuantize(int run, float scale, float zeroPoint, float[] results) {
        int start = run * length;
        if (elements.covers(scale, zeroPoint, largest(run))) {
            elements.fakeQuantize(scale, zeroPoint, tile.floats(), start, results, start, length);
            return;
        }
        ElementQuantizer quantizer = formula.quantizer(scale, zeroPoint);
        for (int i = start; i < start + length; i++) {
            results[i] = quantizer.fakeQuantize(tile.floats()[i]);
        }
    }

    private float largest(int run) {
        return Math.max(-mins[run], maxs[run]);
    }
}
