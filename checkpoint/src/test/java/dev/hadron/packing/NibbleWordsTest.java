package dev.hadron.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class NibbleWordsTest {
    @Test
    void evenCodesStandInTheLowHalfOfTheWord() {
        byte[] codes = {0, 1, 2, 3, 4, 5, 6, 7};
        byte[] word = new byte[4];

        NibbleWords.pack(MemorySegment.ofArray(codes), MemorySegment.ofArray(word));

        // 0x75316420, little-endian
        assertThat(word).containsExactly(0x20, 0x64, 0x31, 0x75);
    }

    @Test
    void unpackingIsTheInverse() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        byte[] codes = new byte[8 * 321];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(16);
        }
        byte[] words = new byte[codes.length / 2];
        byte[] back = new byte[codes.length];

        NibbleWords.pack(MemorySegment.ofArray(codes), MemorySegment.ofArray(words));
        NibbleWords.unpack(MemorySegment.ofArray(words), MemorySegment.ofArray(back));

        assertThat(back).isEqualTo(codes);
    }

    @Test
    void codesTwoAByteAreTheSameCodes() {
        SplittableRandom random = new SplittableRandom(8);
        for (int words : new int[] {0, 1, 2, 7, 2047, 2048, 2049, 5000}) {
            byte[] nibbles = new byte[4 * words];
            random.nextBytes(nibbles);
            byte[] codes = new byte[8 * words];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) ((nibbles[i / 2] >> (i % 2 * 4)) & 0xF);
            }
            byte[] expected = new byte[4 * words];
            NibbleWords.pack(MemorySegment.ofArray(codes), MemorySegment.ofArray(expected));
            byte[] packed = new byte[4 * words];
            byte[] back = new byte[4 * words];

            NibbleWords.ofNibbles(MemorySegment.ofArray(nibbles), MemorySegment.ofArray(packed));
            NibbleWords.toNibbles(MemorySegment.ofArray(packed), MemorySegment.ofArray(back));

            assertThat(packed).isEqualTo(expected);
            assertThat(back).isEqualTo(nibbles);
        }
    }

    @Test
    void onlyTheLowFourBitsOfACodeCount() {
        byte[] codes = {-1, 0, 0, 0, 0, 0, 0, 0};
        byte[] word = new byte[4];

        NibbleWords.pack(MemorySegment.ofArray(codes), MemorySegment.ofArray(word));

        assertThat(word).containsExactly(0x0F, 0, 0, 0);
    }
}
