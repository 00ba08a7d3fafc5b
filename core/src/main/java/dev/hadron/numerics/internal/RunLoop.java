package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;

/**
 * Several whole runs at a time, in three passes over a tile in the first-level cache: ranges, scales, codes. A scale is a long
 * chain of instructions that depend on each other; in a pass of their own, the chains of neighbouring runs overlap.
 */
final class RunLoop {
    private final RangeScale formula;
    private final int length;
    private final int runsInTile;
    private final ElementLoop elements;
    private final Tile tile;
    private final CodeTile codes;
    private final float[] mins;
    private final float[] maxs;

    RunLoop(RangeScale formula, StorageType type, int length, long runs) {
        this.formula = formula;
        this.length = length;
        runsInTile = (int) Math.min(runs, Tile.SIZE / length);
        elements = ElementLoop.of(formula);
        tile = new Tile(type, runsInTile * length);
        codes = new CodeTile(formula.format().bits(), runsInTile * length);
        mins = new float[runsInTile];
        maxs = new float[runsInTile];
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
            tile.load(x, from + first * length, count * length);
            RangeLoop.ranges(tile.floats, length, count, mins, maxs);
            int bad = scales(count, scales, zeroPoints, at);
            if (bad >= 0) {
                return first + bad;
            }
            for (int run = 0; run < count; run++) {
                quantize(run, scales[at + run], zeroPoints[at + run]);
            }
            codes.store(target, to + first * length, count * length);
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#fakeQuantizeRuns}. */
    long fakeQuantize(MemorySegment x, long from, long runs) {
        float[] scales = new float[runsInTile];
        float[] zeroPoints = new float[runsInTile];
        float[] results = new float[tile.floats.length];
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            tile.load(x, from + first * length, count * length);
            RangeLoop.ranges(tile.floats, length, count, mins, maxs);
            int bad = scales(count, scales, zeroPoints, 0);
            if (bad >= 0) {
                return first + bad;
            }
            for (int run = 0; run < count; run++) {
                fakeQuantize(run, scales[run], zeroPoints[run], results);
            }
            System.arraycopy(results, 0, tile.floats, 0, count * length);
            tile.store(x, from + first * length, count * length);
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
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first;
            codes.load(source, from + first * length, count * length);
            for (int run = 0; run < count; run++) {
                int start = run * length;
                elements.dequantize(
                        scales[at + run], zeroPoints[at + run], codes.bytes, start, tile.floats, start, length);
            }
            tile.store(y, to + first * length, count * length);
        }
    }

    private int scales(int runs, float[] scales, float[] zeroPoints, int at) {
        for (int run = 0; run < runs; run++) {
            Range range = new Range(mins[run], maxs[run]);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[at + run] = parameters.scale();
            zeroPoints[at + run] = parameters.zeroPoint();
        }
        return -1;
    }

    private void quantize(int run, float scale, float zeroPoint) {
        int start = run * length;
        if (elements.covers(scale, zeroPoint, largest(run))) {
            elements.quantize(scale, zeroPoint, tile.floats, start, codes.bytes, start, length);
            return;
        }
        ElementQuantizer quantizer = formula.quantizer(scale, zeroPoint);
        for (int i = start; i < start + length; i++) {
            codes.bytes[i] = quantizer.storedCode(tile.floats[i]);
        }
    }

    private void fakeQuantize(int run, float scale, float zeroPoint, float[] results) {
        int start = run * length;
        if (elements.covers(scale, zeroPoint, largest(run))) {
            elements.fakeQuantize(scale, zeroPoint, tile.floats, start, results, start, length);
            return;
        }
        ElementQuantizer quantizer = formula.quantizer(scale, zeroPoint);
        for (int i = start; i < start + length; i++) {
            results[i] = quantizer.fakeQuantize(tile.floats[i]);
        }
    }

    private float largest(int run) {
        return Math.max(-mins[run], maxs[run]);
    }
}
