package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Codes on their way between vectors and memory: one a byte here, those of 4 bits two a byte when stored. */
final class CodeTile {
    /** The codes one a byte, padded as {@link Lanes} says. */
    final byte[] bytes;

    /** The codes as they are stored, padded as {@link Lanes} says: {@link #bytes}, or two a byte. */
    final byte[] packed;

    /** Whether two are stored in a byte. */
    final boolean nibbles;

    CodeTile(int bits, int capacity) {
        nibbles = bits == 4;
        bytes = new byte[capacity + Lanes.PADDING];
        packed = nibbles ? new byte[bytes.length] : bytes;
    }

    /** A tile for so many codes, or as many as fit, that are stored one a byte. */
    static CodeTile ofBytes(long count) {
        return new CodeTile(Byte.SIZE, (int) Math.min(Tile.SIZE, count));
    }

    /** Brings codes into the form that they are stored in, after a loop that writes one a byte. */
    void pack(int from, int count) {
        if (nibbles) {
            NibbleLoop.pack(bytes, from, packed, from / 2, count);
        }
    }

    /** Writes packed codes to code {@code to} on. */
    void store(MemorySegment target, long to, int count) {
        if (nibbles) {
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
