package dev.hadron.numerics;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
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

    /** The range of {@code count} F32, F16 or BF16 elements; both ends NaN when one of them is, {@link Range#EMPTY} for none. */
    Range range(MemorySegment x, StorageType type, long from, long count);

    /** The range of {@code count} float32 elements. */
    default Range range(MemorySegment x, long from, long count) {
        return range(x, StorageType.F32, from, count);
    }

    /** F32, F16 or BF16 elements as float32. */
    void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count);

    /** The nearest of each in half precision or bfloat16, ties to even; too large becomes infinity. */
    void narrow(MemorySegment source, long from, WorkingType type, MemorySegment target, long to, long count);

    /** {@link ElementQuantizer#fakeQuantize} of each; source and target may be the same place. */
    void fakeQuantize(ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count);

    /** {@link ElementQuantizer#storedCode} of each F32, F16 or BF16 element, one code a byte. */
    void quantize(
            ElementQuantizer quantizer,
            MemorySegment x,
            StorageType type,
            long from,
            MemorySegment codes,
            long to,
            long count);

    /** {@link ElementQuantizer#storedCode} of each float32 element, one code a byte. */
    default void quantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment codes, long to, long count) {
        quantize(quantizer, x, StorageType.F32, from, codes, to, count);
    }

    /** {@link ElementQuantizer#decode} of each code, one a byte. */
    void dequantize(ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count);

    /**
     * Observes, scales, quantizes and packs runs of equal length in one pass. 4-bit codes are packed two a byte, the earlier
     * in the low half: {@code length} must then be even.
     *
     * @param formula how a run's range becomes its scale
     * @param x {@code runs * length} elements of {@code type} from {@code from}
     * @param codes receives the stored codes from code {@code to} on, which must be even for 4-bit formats
     * @param scales receives the scales of the runs from {@code firstScale} on: one for every {@link ScaleFormula#elementsPerScale}
     *     elements of a run and for what is left of it
     * @param zeroPoints receives as many zero points
     * @return the index of the first run whose range isn't finite, or −1; nothing is promised of what follows it
     */
    long quantizeRuns(
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
            int firstScale);

    /**
     * Observes, scales and fake-quantizes runs of equal length, in place.
     *
     * @param x float32
     * @return the index of the first run whose range isn't finite, or −1; nothing is promised of what follows it
     */
    long fakeQuantizeRuns(ScaleFormula formula, MemorySegment x, long from, long runs, long length);

    /** Codes one a byte into 4-bit codes two a byte, the earlier in the low half; {@code to} must be even. */
    void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count);

    /** The inverse of {@link #packNibbles}: the low four bits of each byte hold a code, the others are zero. */
    void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count);

    /**
     * Codes one a byte into codes of {@code bits} bits without gaps, the first in the lowest bits of the first byte. The bits that
     * the last byte has left are zero.
     *
     * @param bits 2 to 8
     * @param to the byte of {@code packed} to begin with
     */
    void packBits(int bits, MemorySegment codes, long from, MemorySegment packed, long to, long count);

    /** The inverse of {@link #packBits}: the low bits of each byte hold a code, the others are zero. */
    void unpackBits(int bits, MemorySegment packed, long from, MemorySegment codes, long to, long count);
}
