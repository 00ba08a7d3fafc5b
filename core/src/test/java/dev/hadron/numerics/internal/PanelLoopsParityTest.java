package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loops on the Vector API give the bits of the plain ones. */
class PanelLoopsParityTest {
    private final PanelLoops scalar = new ScalarPanelLoops();
    private final PanelLoops vector = new VectorPanelLoops();

    @ParameterizedTest
    @CsvSource({"0, 16, 8", "0, 256, 128", "64, 256, 8", "128, 128, 32", "8, 160, 16"})
    void butterfliesAreBitEqual(int from, int length, int distance) {
        double[] expected = numbers(400);
        double[] actual = expected.clone();

        scalar.butterflies(expected, from, length, distance);
        vector.butterflies(actual, from, length, distance);

        assertThat(bits(actual)).containsExactly(bits(expected)).isNotEqualTo(bits(numbers(400)));
    }

    @ParameterizedTest
    @CsvSource({"12, 8", "28, 64", "172, 16", "4, 24"})
    void signedSumsAreBitEqual(int parts, int length) {
        double[] expected = numbers(parts * length);
        double[] actual = expected.clone();
        double[] signs = new SplittableRandom(parts)
                .ints((long) parts * parts, 0, 2)
                .mapToDouble(i -> 2 * i - 1)
                .toArray();

        scalar.signedSums(expected, signs, parts);
        vector.signedSums(actual, signs, parts);

        assertThat(bits(actual)).containsExactly(bits(expected)).isNotEqualTo(bits(numbers(parts * length)));
    }

    @Test
    void thisMachineTakesTheVectorApi() {
        assertThat(PanelLoops.best()).isInstanceOf(VectorPanelLoops.class);
    }

    /** With zeros of both signs and infinities among them. */
    private static double[] numbers(int count) {
        SplittableRandom random = new SplittableRandom(count);
        double[] numbers = random.doubles(count, -1, 1).toArray();
        for (int i = 0; i < count; i += 7) {
            numbers[i] = i % 3 == 0 ? -0.0 : 0.0;
        }
        numbers[count / 2] = Double.POSITIVE_INFINITY;
        return numbers;
    }

    private static long[] bits(double[] numbers) {
        long[] bits = new long[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToLongBits(numbers[i]);
        }
        return bits;
    }
}
