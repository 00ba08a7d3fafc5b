package dev.hadron.numerics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of 2 to 8 bits between one a byte and without gaps: eight codes are a long, whose bits one instruction moves together or apart. Arrays
 * are padded as {@link Lanes} says.
 */
final class BitLoop {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

    private BitLoop() {}

    static void pack(int bits, byte[] codes, byte[] packed, int count) {
        long mask = EACH_BYTE * ((1 << bits) - 1);
        int to = 0;
        for (int i = 0; i < count; i += Long.BYTES) {
            LONG.set(packed, to, Long.compress((long) LONG.get(codes, i), mask));
            to += bits;
        }
    }

    static void unpack(int bits, byte[] packed, byte[] codes, int count) {
        long mask = EACH_BYTE * ((1 << bits) - 1);
        int from = 0;
        for (int i = 0; i < count; i += Long.BYTES) {
            LONG.set(codes, i, Long.expand((long) LONG.get(packed, from), mask));
            from += bits;
        }
    }
}
