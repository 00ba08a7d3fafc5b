package dev.hadron.numerics;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.internal.KernelsProvider;
import java.lang.foreign.MemorySegment;

/**
 * The inner loops over arrays in memory. All offsets and counts are in elements, 64 bits wide; floats are little-endian
 * float32. Results are bit-equal in every implementation, for any vector width and number of threads.
 */
public interface Kernels {
    /** The fastest kernels that this machine and this run of the JVM allow. */
    static Kernels best() {
        return KernelsProvider.BEST;
    }

    /** What these kernels are called in reports: {@code vector} or {@code scalar}. */
    String name();

    /** The range of {@code count} floats; both ends NaN when one of them is, {@link Range#EMPTY} for none. */
    Range range(MemorySegment x, long from, long count);

    /** F32, F16 or BF16 elements as float32. */
    void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count);

    /** {@link ElementQuantizer#fakeQuantize} of each; source and target may be the same place. */
    void fakeQuantize(ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count);

    /** {@link ElementQuantizer#storedCode} of each, one code a byte. */
    void quantize(ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment codes, long to, long count);

    /** {@link ElementQuantizer#decode} of each code, one a byte. */
    void dequantize(ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count);

    /**
     * Observes, scales, quantizes and packs runs of equal length in one pass. 4-bit codes are packed two a byte, the earlier
     * in the low half: {@code length} must then be even.
     *
     * @param formula how a run's range becomes its scale
     * @param x float32, {@code runs * length} elements from {@code from}
     * @param codes receives the stored codes from code {@code to} on, which must be even for 4-bit types
     * @param scales receives {@code runs} scales from {@code firstRun} on
     * @param zeroPoints receives {@code runs} zero points from {@code firstRun} on
     * @return the index of the first run whose range isn't finite, or −1; nothing is promised of what follows it
     */
    long quantizeRuns(
            ScaleFormula formula,
            MemorySegment x,
            long from,
            long runs,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            int[] zeroPoints,
            int firstRun);

    /** Codes one a byte into 4-bit codes two a byte, the earlier in the low half; {@code to} must be even. */
    void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count);

    /** The inverse of {@link #packNibbles}: the low four bits of each byte hold a code, the others are zero. */
    void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count);
}
