package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Codes on their way between vectors and memory: one a byte here, those of 4 bits two a byte when stored. */
final class CodeTile {
    /** The codes, padded as {@link Lanes} says. */
    final byte[] bytes;

    private final byte[] packed;
    private final boolean nibbles;

    CodeTile(int bits, int capacity) {
        nibbles = bits == 4;
        bytes = new byte[capacity + Lanes.PADDING];
        packed = nibbles ? new byte[bytes.length] : bytes;
    }

    /** A tile for so many codes, or as many as fit, that are stored one a byte. */
    static CodeTile ofBytes(long count) {
        return new CodeTile(Byte.SIZE, (int) Math.min(Tile.SIZE, count));
    }

    /** Packs and writes codes to code {@code to} on. */
    void store(MemorySegment target, long to, int count) {
        if (nibbles) {
            NibbleLoop.pack(bytes, packed, count);
            MemorySegment.copy(packed, 0, target, ValueLayout.JAVA_BYTE, to / 2, count / 2);
        } else {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, to, count);
        }
    }

    /** Reads codes that lie one a byte. */
    void load(MemorySegment source, long from, int count) {
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from, bytes, 0, count);
    }
}
