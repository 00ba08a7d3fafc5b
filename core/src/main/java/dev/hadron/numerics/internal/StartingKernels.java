package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The kernels of a process that has just started: runs of integers take {@link PlaneRunLoop} at first. Whatever else is asked for goes to
 * the kernels that are there for long, which are made then: loading the Vector API takes a tenth of a second, and many a job never needs
 * it.
 */
final class StartingKernels implements Kernels {
    /** From that many elements on a process gains from loops that take half a second before they are fast. */
    private static final long COLD_ELEMENTS = 1L << 31;

    private final AtomicLong elements = new AtomicLong();
    private final Supplier<Kernels> lasting;
    private final long coldElements;

    /** Before those kernels, which the supplier makes once. */
    StartingKernels(Supplier<Kernels> lasting) {
        this(lasting, COLD_ELEMENTS);
    }

    /** With another number of elements to take {@link PlaneRunLoop} for. */
    StartingKernels(Supplier<Kernels> lasting, long coldElements) {
        this.lasting = lasting;
        this.coldElements = coldElements;
    }

    @Override
    public String name() {
        return lasting.get().name();
    }

    @Override
    public long quantizeRuns(
            ScaleFormula formula,
            MemorySegment x,
            StorageType type,
            long from,
            long runs,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        if (formula instanceof RangeScale ranges && isForPlanes(ranges, type, runs, length)) {
            return new PlaneRunLoop(ranges, type, (int) length, runs)
                    .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
        }
        return lasting.get()
                .quantizeRuns(formula, x, type, from, runs, length, codes, to, scales, zeroPoints, firstScale);
    }

    private boolean isForPlanes(RangeScale formula, StorageType type, long runs, long length) {
        return runs > 0
                && length > 0
                && length <= Tile.SIZE
                && PlaneRunLoop.isFor(formula, type, length)
                && elements.get() < coldElements
                && elements.addAndGet(runs * length) < coldElements;
    }

    @Override
    public Range range(MemorySegment x, StorageType type, long from, long count) {
        return lasting.get().range(x, type, from, count);
    }

    @Override
    public void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count) {
        lasting.get().widen(source, type, from, target, to, count);
    }

    @Override
    public void narrow(MemorySegment source, long from, WorkingType type, MemorySegment target, long to, long count) {
        lasting.get().narrow(source, from, type, target, to, count);
    }

    @Override
    public void fakeQuantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count) {
        lasting.get().fakeQuantize(quantizer, x, from, y, to, count);
    }

    @Override
    public void quantize(
            ElementQuantizer quantizer,
            MemorySegment x,
            StorageType type,
            long from,
            MemorySegment codes,
            long to,
            long count) {
        lasting.get().quantize(quantizer, x, type, from, codes, to, count);
    }

    @Override
    public void dequantize(
            ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        lasting.get().dequantize(quantizer, codes, from, y, to, count);
    }

    @Override
    public long fakeQuantizeRuns(ScaleFormula formula, MemorySegment x, long from, long runs, long length) {
        return lasting.get().fakeQuantizeRuns(formula, x, from, runs, length);
    }

    @Override
    public void dequantizeRuns(
            ScaleFormula formula,
            MemorySegment codes,
            long from,
            long runs,
            long length,
            float[] scales,
            float[] zeroPoints,
            int firstScale,
            MemorySegment y,
            long to) {
        lasting.get().dequantizeRuns(formula, codes, from, runs, length, scales, zeroPoints, firstScale, y, to);
    }

    @Override
    public void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        lasting.get().packNibbles(codes, from, packed, to, count);
    }

    @Override
    public void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        lasting.get().unpackNibbles(packed, from, codes, to, count);
    }

    @Override
    public void packBits(int bits, MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        lasting.get().packBits(bits, codes, from, packed, to, count);
    }

    @Override
    public void unpackBits(int bits, MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        lasting.get().unpackBits(bits, packed, from, codes, to, count);
    }
}
