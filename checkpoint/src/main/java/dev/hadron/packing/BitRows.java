package dev.hadron.packing;

import dev.hadron.numerics.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Codes of a few bits without gaps, the first in the lowest bits of the first byte: of 6 bits, four codes in three bytes
 *
 * <pre>
 *   byte      2          1          0
 *   bits  7......0   7......0   7......0
 *   code  333333 22  2222 1111  11 000000
 * </pre>
 *
 * of 4 bits, two codes a byte, the earlier in the low half. A row begins with a byte of its own.
 */
public final class BitRows {
    private BitRows() {}

    /** How many bytes a row of that many codes takes. */
    public static long bytes(int bits, long codes) {
        return Math.ceilDiv(Math.multiplyExact(codes, bits), Byte.SIZE);
    }

    /**
     * Packs rows.
     *
     * @param codes as in {@link dev.hadron.tensor.QuantizedTensor#codes}: two a byte for 4-bit codes, else one a byte
     * @param packed receives {@code rows * bytes(bits, columns)} bytes
     */
    public static void pack(int bits, MemorySegment codes, long rows, long columns, MemorySegment packed) {
        long bytes = bytes(bits, columns);
        if (isAsItIs(bits, rows, columns)) {
            MemorySegment.copy(codes, 0, packed, 0, rows * bytes);
            return;
        }
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment single = codes;
            if (bits == 4) {
                single = scratch.allocate(rows * columns, 64);
                Kernels.best().unpackNibbles(codes, 0, single, 0, rows * columns);
            }
            if (columns * bits % Byte.SIZE == 0) {
                Kernels.best().packBits(bits, single, 0, packed, 0, rows * columns);
                return;
            }
            for (long row = 0; row < rows; row++) {
                Kernels.best().packBits(bits, single, row * columns, packed, row * bytes, columns);
            }
        }
    }

    /** The inverse of {@link #pack}; the bits of a byte that aren't part of its code are zero. */
    public static void unpack(int bits, MemorySegment packed, long rows, long columns, MemorySegment codes) {
        long bytes = bytes(bits, columns);
        if (isAsItIs(bits, rows, columns)) {
            MemorySegment.copy(packed, 0, codes, 0, rows * bytes);
            return;
        }
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment single = bits == 4 ? scratch.allocate(rows * columns, 64) : codes;
            for (long row = 0; row < rows; row++) {
                Kernels.best().unpackBits(bits, packed, row * bytes, single, row * columns, columns);
            }
            if (bits == 4) {
                Kernels.best().packNibbles(single, 0, codes, 0, rows * columns);
            }
        }
    }

    private static boolean isAsItIs(int bits, long rows, long columns) {
        return bits == Byte.SIZE || (bits == 4 && (columns % 2 == 0 || rows == 1));
    }
}
