package dev.hadron.quantizer;

import java.lang.foreign.MemorySegment;

/**
 * Codes of 4 or 8 bits as float32, those with even numbers apart from those with odd ones. A pair of them fills a byte or a short: the
 * compiler makes vector instructions of loops over those, and of their conversion to float, but of none to int.
 */
sealed interface CodePlanes {
    /** Planes of so many pairs. */
    static CodePlanes of(int bits, int pairs) {
        return bits == 4 ? new Nibbles(pairs) : new Bytes(pairs);
    }

    /** Brings {@code bytes} bytes of packed codes into the planes, as unsigned numbers once these bits of each are flipped. */
    void load(MemorySegment packed, long bytes, int flipped, float[] even, float[] odd);

    /** Two codes a byte. */
    final class Nibbles implements CodePlanes {
        private final byte[] pairs;
        private final byte[] low;
        private final byte[] high;
        private final MemorySegment memory;

        private Nibbles(int count) {
            pairs = new byte[count];
            low = new byte[count];
            high = new byte[count];
            memory = MemorySegment.ofArray(pairs);
        }

        @Override
        public void load(MemorySegment packed, long bytes, int flipped, float[] even, float[] odd) {
            MemorySegment.copy(packed, 0, memory, 0, bytes);
            split(pairs, (byte) flipped, low, high, (int) bytes);
            widen(low, even, (int) bytes);
            widen(high, odd, (int) bytes);
        }

        private static void split(byte[] pairs, byte flipped, byte[] low, byte[] high, int count) {
            for (int i = 0; i < count; i++) {
                low[i] = (byte) ((pairs[i] & 0xF) ^ flipped);
                high[i] = (byte) (((pairs[i] >> 4) & 0xF) ^ flipped);
            }
        }

        private static void widen(byte[] codes, float[] numbers, int count) {
            for (int i = 0; i < count; i++) {
                numbers[i] = codes[i];
            }
        }
    }

    /** A code a byte. */
    final class Bytes implements CodePlanes {
        private final short[] pairs;
        private final short[] low;
        private final short[] high;
        private final MemorySegment memory;

        private Bytes(int count) {
            pairs = new short[count];
            low = new short[count];
            high = new short[count];
            memory = MemorySegment.ofArray(pairs);
        }

        @Override
        public void load(MemorySegment packed, long bytes, int flipped, float[] even, float[] odd) {
            MemorySegment.copy(packed, 0, memory, 0, bytes);
            int count = (int) bytes / 2;
            split(pairs, (short) flipped, low, high, count);
            widen(low, even, count);
            widen(high, odd, count);
        }

        private static void split(short[] pairs, short flipped, short[] low, short[] high, int count) {
            for (int i = 0; i < count; i++) {
                low[i] = (short) ((pairs[i] & 0xFF) ^ flipped);
                high[i] = (short) (((pairs[i] >> 8) & 0xFF) ^ flipped);
            }
        }

        private static void widen(short[] codes, float[] numbers, int count) {
            for (int i = 0; i < count; i++) {
                numbers[i] = codes[i];
            }
        }
    }
}
