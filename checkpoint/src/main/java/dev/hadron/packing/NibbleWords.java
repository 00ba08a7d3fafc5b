package dev.hadron.packing;

import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

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
    /** Words that fit the first-level cache. */
    private static final int TILE = 2048;

    private static final int[] ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

    private NibbleWords() {}

    /** How many codes a word holds. */
    public static int codesPerWord() {
        return CODES;
    }

    /** Which of a word's codes stands at a nibble, counted from the lowest. */
    static int codeAt(int nibble) {
        return ORDER[nibble];
    }

    /**
     * Brings the codes of words that hold them in order, two a byte and the earlier in the low half, into the order of these words.
     *
     * @param nibbles a multiple of four bytes
     * @param words receives as many
     */
    public static void ofNibbles(MemorySegment nibbles, MemorySegment words) {
        forTiles(nibbles, words, NibbleWords::gather);
    }

    /** The inverse of {@link #ofNibbles}. */
    public static void toNibbles(MemorySegment words, MemorySegment nibbles) {
        forTiles(words, nibbles, NibbleWords::spread);
    }

    private static void forTiles(MemorySegment source, MemorySegment target, Consumer<int[]> step) {
        int[] tile = new int[(int) Math.min(TILE, source.byteSize() / Integer.BYTES)];
        MemorySegment memory = MemorySegment.ofArray(tile);
        for (long at = 0; at < source.byteSize(); at += memory.byteSize()) {
            long bytes = Math.min(memory.byteSize(), source.byteSize() - at);
            MemorySegment.copy(source, at, memory, 0, bytes);
            step.accept(tile);
            MemorySegment.copy(memory, 0, target, at, bytes);
        }
    }

    /** Codes 0, 2, 4, 6 to the lower half, the others to the upper one. */
    private static void gather(int[] words) {
        for (int i = 0; i < words.length; i++) {
            int even = words[i] & 0x0F0F0F0F;
            int odd = (words[i] >>> BITS) & 0x0F0F0F0F;
            even = (even | (even >>> BITS)) & 0x00FF00FF;
            odd = (odd | (odd >>> BITS)) & 0x00FF00FF;
            words[i] = ((even | (even >>> (2 * BITS))) & 0xFFFF) | ((odd | (odd >>> (2 * BITS))) << (4 * BITS));
        }
    }

    private static void spread(int[] words) {
        for (int i = 0; i < words.length; i++) {
            int even = words[i] & 0xFFFF;
            int odd = words[i] >>> (4 * BITS);
            even = (even | (even << (2 * BITS))) & 0x00FF00FF;
            odd = (odd | (odd << (2 * BITS))) & 0x00FF00FF;
            words[i] = ((even | (even << BITS)) & 0x0F0F0F0F) | (((odd | (odd << BITS)) & 0x0F0F0F0F) << BITS);
        }
    }

    /**
     * Packs rows of codes.
     *
     * @param codes one code a byte, in the low four bits; a multiple of eight
     * @param words receives an eighth as many words
     */
    public static void pack(MemorySegment codes, MemorySegment words) {
        byte[] single = codes.toArray(ValueLayout.JAVA_BYTE);
        int[] packed = new int[single.length / CODES];
        for (int w = 0; w < packed.length; w++) {
            int word = 0;
            for (int nibble = 0; nibble < CODES; nibble++) {
                word |= (single[w * CODES + ORDER[nibble]] & 0xF) << (nibble * BITS);
            }
            packed[w] = word;
        }
        MemorySegment.copy(packed, 0, words, Tensor.INT, 0, packed.length);
    }

    /** The inverse of {@link #pack}: one code a byte, the upper four bits zero. */
    public static void unpack(MemorySegment words, MemorySegment codes) {
        int[] packed = new int[Math.toIntExact(words.byteSize() / Integer.BYTES)];
        MemorySegment.copy(words, Tensor.INT, 0, packed, 0, packed.length);
        byte[] single = new byte[packed.length * CODES];
        for (int w = 0; w < packed.length; w++) {
            for (int nibble = 0; nibble < CODES; nibble++) {
                single[w * CODES + ORDER[nibble]] = (byte) ((packed[w] >>> (nibble * BITS)) & 0xF);
            }
        }
        MemorySegment.copy(single, 0, codes, ValueLayout.JAVA_BYTE, 0, single.length);
    }
}
