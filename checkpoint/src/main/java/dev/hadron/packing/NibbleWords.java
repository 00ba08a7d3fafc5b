package dev.hadron.packing;

import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Eight 4-bit codes in a little-endian 32-bit word, in the order that makes unpacking two halves cheap:
 *
 * <pre>
 *   bits  31..28 27..24 23..20 19..16 15..12 11..8  7..4  3..0
 *   code     7      5      3      1      6      4     2     0
 * </pre>
 */
public final class NibbleWords {
    private static final int CODES = 8;
    private static final int BITS = 4;
    private static final int[] ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

    private NibbleWords() {}

    /** How many codes a word holds. */
    public static int codesPerWord() {
        return CODES;
    }

    /**
     * Packs rows of codes.
     *
     * @param codes one code a byte, in the low four bits; a multiple of eight
     * @param words receives an eighth as many words
     */
    public static void pack(MemorySegment codes, MemorySegment words) {
        long count = codes.byteSize() / CODES;
        for (long w = 0; w < count; w++) {
            int word = 0;
            for (int nibble = 0; nibble < CODES; nibble++) {
                int code = codes.get(ValueLayout.JAVA_BYTE, w * CODES + ORDER[nibble]) & 0xF;
                word |= code << (nibble * BITS);
            }
            words.set(Tensor.INT, w * Integer.BYTES, word);
        }
    }

    /** The inverse of {@link #pack}: one code a byte, the upper four bits zero. */
    public static void unpack(MemorySegment words, MemorySegment codes) {
        long count = words.byteSize() / Integer.BYTES;
        for (long w = 0; w < count; w++) {
            int word = words.get(Tensor.INT, w * Integer.BYTES);
            for (int nibble = 0; nibble < CODES; nibble++) {
                codes.set(ValueLayout.JAVA_BYTE, w * CODES + ORDER[nibble], (byte) ((word >>> (nibble * BITS)) & 0xF));
            }
        }
    }
}
