package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;

/** Runs too long for a tile, one after the other: each is read for its range and again for its codes. */
final class LongRunLoop {
    private static final int CHUNK = 1 << 15;

    private final Kernels kernels;
    private final ScaleFormula formula;
    private final StorageType type;
    private final long length;
    private final boolean nibbles;
    private final MemorySegment unpacked;

    LongRunLoop(Kernels kernels, ScaleFormula formula, StorageType type, long length) {
        this.kernels = kernels;
        this.formula = formula;
        this.type = type;
        this.length = length;
        nibbles = formula.format().bits() == 4;
        unpacked = MemorySegment.ofArray(new byte[nibbles ? (int) Math.min(CHUNK, length) : 0]);
    }

    /** As {@link Kernels#quantizeRuns}. */
    long run(
            MemorySegment x,
            long from,
            long runs,
            MemorySegment target,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        for (int run = 0; run < runs; run++) {
            Range range = kernels.range(x, type, from + run * length, length);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[firstScale + run] = parameters.scale();
            zeroPoints[firstScale + run] = parameters.zeroPoint();
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            quantize(quantizer, x, from + run * length, target, to + run * length);
        }
        return -1;
    }

    private void quantize(ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment target, long to) {
        if (!nibbles) {
            kernels.quantize(quantizer, x, type, from, target, to, length);
            return;
        }
        for (long done = 0; done < length; done += CHUNK) {
            long count = Math.min(CHUNK, length - done);
            kernels.quantize(quantizer, x, type, from + done, unpacked, 0, count);
            kernels.packNibbles(unpacked, 0, target, to + done, count);
        }
    }
}
