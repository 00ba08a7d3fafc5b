package dev.hadron.export.layout;

import dev.hadron.numerics.Kernels;
import dev.hadron.packing.BitRows;
import dev.hadron.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Zero points of a few bits, {@code [rows, groups]}, one a byte, as rows without gaps. */
final class ZeroPointRows {
    private ZeroPointRows() {}

    static void pack(int bits, MemorySegment codes, Shape shape, MemorySegment packed) {
        long groups = shape.extent(1);
        long bytes = BitRows.bytes(bits, groups);
        for (long row = 0; row < shape.extent(0); row++) {
            Kernels.best().packBits(bits, codes, row * groups, packed, row * bytes, groups);
        }
    }

    static void unpack(int bits, MemorySegment packed, Shape shape, MemorySegment codes) {
        long groups = shape.extent(1);
        long bytes = BitRows.bytes(bits, groups);
        for (long row = 0; row < shape.extent(0); row++) {
            Kernels.best().unpackBits(bits, packed, row * bytes, codes, row * groups, groups);
        }
    }
}
