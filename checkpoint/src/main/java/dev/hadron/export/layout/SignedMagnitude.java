package dev.hadron.export.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** Integers of a few bits, one a byte, between two's complement and a sign above a magnitude; in place. */
final class SignedMagnitude {
    private static final int TILE = 1 << 13;

    private SignedMagnitude() {}

    /** The lowest two's-complement number has no such form and must not occur. */
    static void ofComplement(int bits, MemorySegment codes) {
        int unused = Integer.SIZE - bits;
        int sign = 1 << (bits - 1);
        forTiles(codes, tile -> {
            for (int i = 0; i < tile.length; i++) {
                int value = tile[i] << unused >> unused;
                tile[i] = (byte) (value < 0 ? -value | sign : value);
            }
        });
    }

    static void toComplement(int bits, MemorySegment codes) {
        int sign = 1 << (bits - 1);
        int mask = (1 << bits) - 1;
        forTiles(codes, tile -> {
            for (int i = 0; i < tile.length; i++) {
                int magnitude = tile[i] & (sign - 1);
                tile[i] = (byte) (((tile[i] & sign) == 0 ? magnitude : -magnitude) & mask);
            }
        });
    }

    private static void forTiles(MemorySegment codes, Consumer<byte[]> step) {
        byte[] tile = new byte[(int) Math.min(TILE, codes.byteSize())];
        for (long at = 0; at < codes.byteSize(); at += tile.length) {
            int count = (int) Math.min(tile.length, codes.byteSize() - at);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, at, tile, 0, count);
            step.accept(tile);
            MemorySegment.copy(tile, 0, codes, ValueLayout.JAVA_BYTE, at, count);
        }
    }
}
