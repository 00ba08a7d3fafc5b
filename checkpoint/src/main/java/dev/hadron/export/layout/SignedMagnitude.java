package dev.hadron.export.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Integers of a few bits, one a byte, between two's complement and a sign above a magnitude; in place. */
final class SignedMagnitude {
    private SignedMagnitude() {}

    /** The lowest two's-complement number has no such form and must not occur. */
    static void ofComplement(int bits, MemorySegment codes) {
        int unused = Integer.SIZE - bits;
        for (long i = 0; i < codes.byteSize(); i++) {
            int value = codes.get(ValueLayout.JAVA_BYTE, i) << unused >> unused;
            codes.set(ValueLayout.JAVA_BYTE, i, (byte) (value < 0 ? -value | 1 << (bits - 1) : value));
        }
    }

    static void toComplement(int bits, MemorySegment codes) {
        int sign = 1 << (bits - 1);
        int mask = (1 << bits) - 1;
        for (long i = 0; i < codes.byteSize(); i++) {
            int code = codes.get(ValueLayout.JAVA_BYTE, i);
            int magnitude = code & (sign - 1);
            codes.set(ValueLayout.JAVA_BYTE, i, (byte) (((code & sign) == 0 ? magnitude : -magnitude) & mask));
        }
    }
}
