package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;

/** The kernels on the Vector API. What doesn't fill a vector is left to {@link ScalarKernels}. */
final class VectorKernels implements Kernels {
    private final ScalarKernels scalar = new ScalarKernels();

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Range range(MemorySegment x, long from, long count) {
        long done = count - count % Lanes.COUNT;
        return RangeLoop.range(x, from, done).union(scalar.range(x, from + done, count - done));
    }

    @Override
    public void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count) {
        long done = count - count % Lanes.COUNT;
        switch (type) {
            case F32 -> {
                MemorySegment.copy(source, from * Float.BYTES, target, to * Float.BYTES, count * Float.BYTES);
                return;
            }
            case BF16 -> WidenLoop.bfloat16(source, from, target, to, done);
            case F16 -> WidenLoop.float16(source, from, target, to, done);
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL -> done = 0;
        }
        scalar.widen(source, type, from + done, target, to + done, count - done);
    }

    @Override
    public void fakeQuantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count) {
        long done = isVectorized(quantizer) ? count - count % Lanes.COUNT : 0;
        ElementLoop.fakeQuantize(ElementLanes.of(quantizer), x, from, y, to, done);
        scalar.fakeQuantize(quantizer, x, from + done, y, to + done, count - done);
    }

    @Override
    public void quantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment codes, long to, long count) {
        long done = isVectorized(quantizer) ? ElementLoop.wholeVectors(count, count, Lanes.BYTE_REACH) : 0;
        ElementLoop.quantize(ElementLanes.of(quantizer), x, from, codes, to, done);
        scalar.quantize(quantizer, x, from + done, codes, to + done, count - done);
    }

    @Override
    public void dequantize(
            ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        long done = ElementLoop.wholeVectors(count, count, Lanes.BYTE_REACH);
        ElementLoop.dequantize(ElementLanes.of(quantizer), codes, from, y, to, done);
        scalar.dequantize(quantizer, codes, from + done, y, to + done, count - done);
    }

    @Override
    public long quantizeRuns(
            ScaleFormula formula,
            MemorySegment x,
            long from,
            long runs,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            int[] zeroPoints,
            int firstRun) {
        boolean nibbles = formula.format().bits() == 4;
        for (int run = 0; run < runs; run++) {
            long start = from + run * length;
            Range range = range(x, start, length);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[firstRun + run] = parameters.scale();
            zeroPoints[firstRun + run] = parameters.zeroPoint();
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            long target = to + run * length;
            // What a store puts beyond its run is overwritten by the next run; only the last one has nothing behind it.
            long room = (runs - run) * length;
            if (nibbles) {
                long done = ElementLoop.wholeVectors(length, room, Lanes.NIBBLE_REACH);
                ElementLoop.quantizeNibbles(ElementLanes.of(quantizer), x, start, codes, target, done);
                scalar.quantizeNibbles(quantizer, x, start + done, codes, target + done, length - done);
            } else {
                long done = ElementLoop.wholeVectors(length, room, Lanes.BYTE_REACH);
                ElementLoop.quantize(ElementLanes.of(quantizer), x, start, codes, target, done);
                scalar.quantize(quantizer, x, start + done, codes, target + done, length - done);
            }
        }
        return -1;
    }

    @Override
    public void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        long done = count - count % NibbleLoop.COUNT;
        NibbleLoop.pack(codes, from, packed, to, done);
        scalar.packNibbles(codes, from + done, packed, to + done, count - done);
    }

    @Override
    public void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        long done = from % 2 == 0 ? count - count % NibbleLoop.COUNT : 0;
        NibbleLoop.unpack(packed, from, codes, to, done);
        scalar.unpackNibbles(packed, from + done, codes, to + done, count - done);
    }

    /** Zero points beyond the codes' range, which no formula gives, would leave the range where integers are exact. */
    private static boolean isVectorized(ElementQuantizer quantizer) {
        return !(quantizer instanceof IntElementQuantizer integer)
                || (integer.zeroPoint() >= integer.format().lowest()
                        && integer.zeroPoint() <= integer.format().highest());
    }
}
