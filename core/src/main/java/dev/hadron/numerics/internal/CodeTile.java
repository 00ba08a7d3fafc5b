package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Codes on their way from vectors to memory, where those of 4 bits lie two a byte. Most loops write them so, to where they belong or, under the
 * conditions of a {@link Tile}, to {@link TileMemory} first. Others write them one a byte to an array.
 */
final class CodeTile {
    /** Whether two are stored in a byte. */
    final boolean nibbles;

    private final int pass;
    private final TileMemory own = TileMemory.ofThread();
    private MemorySegment target = MemorySegment.NULL;
    private long start;
    private boolean inPlace;
    private int count;
    private byte[] bytes = {};
    private byte[] packed = {};

    /** For codes that loops pass over all at once. */
    CodeTile(int bits) {
        this(bits, Lanes.UNITS.length());
    }

    /** For codes that a loop may pass over in parts of a length, writing up to {@link Lanes#PADDING} codes beyond each. */
    CodeTile(int bits, int pass) {
        nibbles = bits == 4;
        this.pass = pass;
    }

    /** Takes the place of the next codes, from code {@code to} on. */
    void open(MemorySegment codes, long to, int size) {
        target = codes;
        start = nibbles ? to / 2 : to;
        count = size;
        inPlace = isExact() && Lanes.areInPlace(codes, size, pass);
    }

    /** Where the codes are written, outside the heap. */
    MemorySegment memory() {
        return inPlace ? target : own.codes();
    }

    /** The offset of a code in {@link #memory}, in bytes. */
    long offset(int code) {
        return (inPlace ? start : 0) + (nibbles ? code / 2 : code);
    }

    /** The codes one a byte, padded as {@link Lanes} says, for {@link #pack}. */
    byte[] bytes() {
        bytes = bytes.length < count + Lanes.PADDING ? new byte[count + Lanes.PADDING] : bytes;
        return bytes;
    }

    /** Brings codes from {@link #bytes} to {@link #memory}. */
    void pack(int from, int size) {
        if (nibbles) {
            packed = packed.length < bytes.length ? new byte[bytes.length] : packed;
            NibbleLoop.pack(bytes, from, packed, 0, size);
            MemorySegment.copy(packed, 0, memory(), ValueLayout.JAVA_BYTE, offset(from), size / 2);
        } else {
            MemorySegment.copy(bytes, from, memory(), ValueLayout.JAVA_BYTE, offset(from), size);
        }
    }

    /** Writes one code. */
    void set(int index, int code) {
        int other = nibbles ? memory().get(ValueLayout.JAVA_BYTE, offset(index)) : 0;
        int byteOfIt = nibbles ? (index % 2 == 0 ? (other & 0xF0) | (code & 0xF) : (other & 0xF) | (code << 4)) : code;
        memory().set(ValueLayout.JAVA_BYTE, offset(index), (byte) byteOfIt);
    }

    /** The codes are where they belong. */
    void close() {
        if (!inPlace) {
            MemorySegment.copy(own.codes(), 0, target, start, nibbles ? count / 2 : count);
        }
    }

    /** Whether no vector of codes is longer than the codes in it. */
    private boolean isExact() {
        return nibbles ? Lanes.EXACT_EIGHTHS : Lanes.EXACT_BYTES;
    }
}
