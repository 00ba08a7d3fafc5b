package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;

/** Runs too long for a tile, one after the other: each is read for its range and again for its codes. */
final class LongRunLoop {
    private final VectorKernels kernels;
    private final ScalarKernels scalar;
    private final ScaleFormula formula;
    private final StorageType type;
    private final long length;
    private final Tile tile;
    private final CodeTile codes;

    LongRunLoop(VectorKernels kernels, ScalarKernels scalar, ScaleFormula formula, StorageType type, long length) {
        this.kernels = kernels;
        this.scalar = scalar;
        this.formula = formula;
        this.type = type;
        this.length = length;
        tile = new Tile(type);
        codes = new CodeTile(formula.format().bits());
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
        for (int run = 0; run < runs; run++) {
            Range range = VectorKernels.range(tile, x, from + run * length, length);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[firstScale + run] = parameters.scale();
            zeroPoints[firstScale + run] = parameters.zeroPoint();
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            quantize(quantizer, range, x, from + run * length, target, to + run * length);
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#fakeQuantizeRuns}. */
    long fakeQuantize(MemorySegment x, long from, long runs) {
        for (long run = 0; run < runs; run++) {
            long start = from + run * length;
            Range range = kernels.range(x, start, length);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            kernels.fakeQuantize(quantizer, x, start, x, start, length);
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#dequantizeRuns}. */
    void dequantize(
            MemorySegment codes,
            long from,
            long runs,
            float[] scales,
            float[] zeroPoints,
            int firstScale,
            MemorySegment y,
            long to) {
        for (int run = 0; run < runs; run++) {
            ElementQuantizer quantizer = formula.quantizer(scales[firstScale + run], zeroPoints[firstScale + run]);
            kernels.dequantize(quantizer, codes, from + run * length, y, to + run * length, length);
        }
    }

    private void quantize(
            ElementQuantizer quantizer, Range range, MemorySegment x, long from, MemorySegment target, long to) {
        ElementLoop loop = ElementLoop.of(quantizer);
        float scale = ElementLoop.scale(quantizer);
        float zeroPoint = ElementLoop.zeroPoint(quantizer);
        boolean covered = loop.covers(scale, zeroPoint, range.absoluteMax());
        int count;
        for (long done = 0; done < length; done += count) {
            count = Tile.next(x, length - done);
            if (covered) {
                tile.load(x, from + done, count);
                codes.open(target, to + done, count);
                loop.quantize(scale, zeroPoint, tile, codes, 0, count);
                codes.close();
            } else if (codes.nibbles) {
                scalar.quantizeNibbles(quantizer, x, type, from + done, target, to + done, count);
            } else {
                scalar.quantize(quantizer, x, type, from + done, target, to + done, count);
            }
        }
    }
}
