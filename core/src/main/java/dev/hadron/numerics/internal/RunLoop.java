package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Several whole runs at a time, in three passes over a tile in the first-level cache: ranges, scales, codes. A scale is a long
 * chain of instructions that depend on each other; in a pass of their own, the chains of neighbouring runs overlap.
 */
final class RunLoop {
    private final RangeScale formula;
    private final StorageType type;
    private final int length;
    private final int runsInTile;
    private final boolean nibbles;
    private final ElementLoop elements;
    private final float[] floats;
    private final byte[] codes;
    private final byte[] packed;
    private final float[] mins;
    private final float[] maxs;

    RunLoop(RangeScale formula, StorageType type, int length, int runsInTile) {
        this.formula = formula;
        this.type = type;
        this.length = length;
        this.runsInTile = runsInTile;
        nibbles = formula.format().bits() == 4;
        elements = ElementLoop.of(formula.format(), formula.rounding(), formula.workingType());
        floats = new float[runsInTile * length + Lanes.PADDING];
        codes = new byte[floats.length];
        packed = nibbles ? new byte[floats.length] : codes;
        mins = new float[runsInTile];
        maxs = new float[runsInTile];
    }

    /** As {@link dev.hadron.numerics.Kernels#quantizeRuns}. */
    long run(
            MemorySegment x,
            long from,
            long runs,
            MemorySegment target,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        for (long first = 0; first < runs; first += runsInTile) {
            int tile = (int) Math.min(runsInTile, runs - first);
            int count = tile * length;
            int at = firstScale + (int) first;
            if (type == StorageType.F32) {
                MemorySegment.copy(x, Tensor.FLOAT, (from + first * length) * Float.BYTES, floats, 0, count);
            } else {
                WidenLoop.load(x, type, from + first * length, floats, count);
            }
            RangeLoop.ranges(floats, length, tile, mins, maxs);
            int bad = scales(tile, scales, zeroPoints, at);
            if (bad >= 0) {
                return first + bad;
            }
            for (int run = 0; run < tile; run++) {
                int start = run * length;
                elements.quantize(scales[at + run], (int) zeroPoints[at + run], floats, start, codes, start, length);
            }
            store(target, to + first * length, count);
        }
        return -1;
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

    private void store(MemorySegment target, long to, int count) {
        if (nibbles) {
            NibbleLoop.pack(codes, packed, count);
            MemorySegment.copy(packed, 0, target, ValueLayout.JAVA_BYTE, to / 2, count / 2);
        } else {
            MemorySegment.copy(codes, 0, target, ValueLayout.JAVA_BYTE, to, count);
        }
    }
}
