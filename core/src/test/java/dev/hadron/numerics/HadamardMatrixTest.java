package dev.hadron.numerics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.UnsupportedQuantizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HadamardMatrixTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 2, 4, 64, 12, 20, 28, 36, 40, 52, 60, 108, 140, 156, 172, 24, 48, 80, 160, 56, 72, 104, 120, 216,
                280, 312, 344
            })
    void rowsAreOrthogonal(int size) {
        int[][] h = entries(HadamardMatrix.of(size));

        for (int i = 0; i < size; i++) {
            int[] products = new int[size];
            int[] expected = new int[size];
            expected[i] = size;
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    products[j] += h[i][k] * h[j][k];
                }
            }
            assertThat(products).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 24, 40, 104})
    void aTransposedMatrixHasRowsForColumns(int size) {
        int[][] h = entries(HadamardMatrix.of(size));

        int[][] transposed = entries(HadamardMatrix.of(size).transposed());

        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                assertThat(transposed[i][j]).isEqualTo(h[j][i]);
            }
        }
    }

    /**
     * With {@code x = (1, 2, …, n)}, the sums over j of {@code (j + 1)²} times element j of {@code x·H} and {@code x·Hᵀ}, as amd-quark 0.13
     * computes the products: any other choice or order of factors gives others.
     */
    @ParameterizedTest
    @CsvSource({
        "4, -34, -34",
        "24, 66692, 98020",
        "28, -332202, -332202",
        "80, -1704904, -5981576",
        "120, 28874068, 74777012",
        "156, -1371194682, -1241562894",
        "216, 220996836, 867300804",
        "344, 25266953596, 22033599900",
        "560, 8593878184, 40225492136"
    })
    void matricesAreThoseOfOtherTools(int size, long sum, long transposedSum) {
        assertThat(weightedSum(HadamardMatrix.of(size))).isEqualTo(sum);
        assertThat(weightedSum(HadamardMatrix.of(size).transposed())).isEqualTo(transposedSum);
    }

    private static int[][] entries(HadamardMatrix h) {
        int[][] entries = new int[h.size()][h.size()];
        for (int i = 0; i < h.size(); i++) {
            for (int j = 0; j < h.size(); j++) {
                entries[i][j] = h.entry(i, j);
            }
        }
        return entries;
    }

    private static long weightedSum(HadamardMatrix h) {
        long sum = 0;
        for (long i = 0; i < h.size(); i++) {
            for (long j = 0; j < h.size(); j++) {
                sum += (j + 1) * (j + 1) * (i + 1) * h.entry((int) i, (int) j);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "4096, 1",
        "14336, 28",
        "11008, 172",
        "13824, 108",
        "17920, 140",
        "80, 40",
        "5120, 40",
        "20, 20",
        "27648, 108"
    })
    void theLargestFactorThatFitsIsTaken(int size, int factor) {
        assertThat(HadamardMatrix.of(size).factor()).isEqualTo(factor);
    }

    @Test
    void aSizeThatCantBeBuiltIsRefusedInOneSentence() {
        assertThatThrownBy(() -> HadamardMatrix.of(1000))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessage(
                        "no Hadamard matrix of size 1000 (8 times 125) can be built, only of a power of two or of 12, 20, 28, 36, 40, 52,"
                                + " 60, 108, 140, 156, 172 times one; leave out this rotation");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -12, -1, 0, 3, 6, 10, 14, 44, 84, 11009})
    void otherSizesAreRefused(int size) {
        assertThatThrownBy(() -> HadamardMatrix.of(size))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageStartingWith("no Hadamard matrix of size " + size + " ");
    }
}
