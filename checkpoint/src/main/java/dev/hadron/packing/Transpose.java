package dev.hadron.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Exchanges the axes of a matrix of bytes, block by block, so that both sides stay in the cache. */
public final class Transpose {
    private static final long BLOCK = 64;

    private Transpose() {}

    /** {@code source} is {@code [rows, columns]}, {@code target} becomes {@code [columns, rows]}. */
    public static void bytes(MemorySegment source, long rows, long columns, MemorySegment target) {
        for (long row = 0; row < rows; row += BLOCK) {
            for (long column = 0; column < columns; column += BLOCK) {
                block(source, rows, columns, target, row, column);
            }
        }
    }

    private static void block(
            MemorySegment source, long rows, long columns, MemorySegment target, long firstRow, long firstColumn) {
        long lastRow = Math.min(rows, firstRow + BLOCK);
        long lastColumn = Math.min(columns, firstColumn + BLOCK);
        for (long column = firstColumn; column < lastColumn; column++) {
            for (long row = firstRow; row < lastRow; row++) {
                target.set(
                        ValueLayout.JAVA_BYTE,
                        column * rows + row,
                        source.get(ValueLayout.JAVA_BYTE, row * columns + column));
            }
        }
    }
}
