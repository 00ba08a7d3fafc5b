package dev.hadron.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Exchanges the axes of a matrix of bytes, block by block, so that both sides stay in the cache. */
public final class Transpose {
    private static final int BLOCK = 64;

    private Transpose() {}

    /** {@code source} is {@code [rows, columns]}, {@code target} becomes {@code [columns, rows]}. */
    public static void bytes(MemorySegment source, long rows, long columns, MemorySegment target) {
        byte[] block = new byte[BLOCK * BLOCK];
        byte[] turned = new byte[BLOCK * BLOCK];
        for (long row = 0; row < rows; row += BLOCK) {
            int height = (int) Math.min(BLOCK, rows - row);
            for (long column = 0; column < columns; column += BLOCK) {
                int width = (int) Math.min(BLOCK, columns - column);
                for (int i = 0; i < height; i++) {
                    MemorySegment.copy(
                            source, ValueLayout.JAVA_BYTE, (row + i) * columns + column, block, i * BLOCK, width);
                }
                turn(block, turned);
                for (int i = 0; i < width; i++) {
                    MemorySegment.copy(
                            turned, i * BLOCK, target, ValueLayout.JAVA_BYTE, (column + i) * rows + row, height);
                }
            }
        }
    }

    private static void turn(byte[] block, byte[] turned) {
        for (int column = 0; column < BLOCK; column++) {
            for (int row = 0; row < BLOCK; row++) {
                turned[column * BLOCK + row] = block[row * BLOCK + column];
            }
        }
    }
}
