package dev.hadron.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NibbleMatrixTest {
    @Test
    void itIsTransposingAndPackingOneAfterTheOther() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 60; i++) {
            int rows = 8 * random.nextInt(i < 40 ? 6 : 40);
            int columns = random.nextInt(i < 40 ? 30 : 2_300);
            byte[] codes = new byte[rows * columns];
            random.nextBytes(codes);
            for (int k = 0; k < codes.length; k++) {
                codes[k] &= 0xF;
            }
            byte[] turned = new byte[codes.length];
            Transpose.bytes(segment(codes), rows, columns, segment(turned));
            byte[] expected = new byte[codes.length / 2];
            NibbleWords.pack(segment(turned), segment(expected));
            byte[] nibbles = nibbles(codes, rows, columns);
            byte[] words = new byte[expected.length];
            byte[] back = new byte[nibbles.length];

            NibbleMatrix.toWords(segment(nibbles), rows, columns, segment(words));
            NibbleMatrix.ofWords(segment(words), rows, columns, segment(back));

            assertThat(words).isEqualTo(expected);
            assertThat(back).isEqualTo(nibbles);
        }
    }

    @Test
    void rowsFillWords() {
        MemorySegment none = segment(new byte[0]);

        assertThatThrownBy(() -> NibbleMatrix.toWords(none, 9, 0, none)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] nibbles(byte[] codes, int rows, int columns) {
        int bytes = (columns + 1) / 2;
        byte[] nibbles = new byte[rows * bytes];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                nibbles[row * bytes + column / 2] |= (byte) (codes[row * columns + column] << (column % 2 * 4));
            }
        }
        return nibbles;
    }

    private static MemorySegment segment(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }
}
