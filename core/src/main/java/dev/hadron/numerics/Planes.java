package dev.hadron.numerics;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.MemorySegment;

/**
 * The bit patterns, as float32, of elements with even numbers apart from those with odd ones. Loops over such arrays have one 32-bit type,
 * which the compiler makes vector instructions of; from 16-bit elements it makes none.
 */
public final class Planes {
    /** Of the elements 0, 2, 4 and so on. */
    public final int[] even;

    /** Of the others. */
    public final int[] odd;

    private final StorageType type;
    private final int[] words;
    private final MemorySegment memory;

    /** Arrays for so many pairs of BF16 or F32 elements. */
    public Planes(StorageType type, int pairs) {
        if (!areFor(type)) {
            throw new IllegalArgumentException(type + " elements have no planes");
        }
        this.type = type;
        even = new int[pairs];
        odd = new int[pairs];
        words = new int[type == StorageType.BF16 ? pairs : 2 * pairs];
        memory = MemorySegment.ofArray(words);
    }

    /** Whether there are planes of this type. */
    public static boolean areFor(StorageType type) {
        return type == StorageType.BF16 || type == StorageType.F32;
    }

    /** Brings elements into the planes. */
    public void load(MemorySegment x, long from, int pairs) {
        int width = type.bytes();
        MemorySegment.copy(x, from * width, memory, 0, 2L * pairs * width);
        if (type == StorageType.BF16) {
            splitHalves(words, even, odd, pairs);
        } else {
            split(words, even, odd, pairs);
        }
    }

    private static void splitHalves(int[] words, int[] even, int[] odd, int pairs) {
        for (int i = 0; i < pairs; i++) {
            int both = words[i];
            even[i] = both << Short.SIZE;
            odd[i] = both & (-1 << Short.SIZE);
        }
    }

    private static void split(int[] words, int[] even, int[] odd, int pairs) {
        for (int i = 0; i < pairs; i++) {
            even[i] = words[2 * i];
            odd[i] = words[2 * i + 1];
        }
    }
}
