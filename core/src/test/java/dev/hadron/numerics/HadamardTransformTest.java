package dev.hadron.numerics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HadamardTransformTest {
    private static final int WIDTH = HadamardTransform.WIDTH;

    private static IntStream sizes() {
        return IntStream.of(
                1, 2, 4, 8, 16, 128, 512, 2048, 12, 20, 28, 36, 40, 52, 60, 108, 140, 156, 172, 24, 80, 112, 288, 208,
                480, 432, 560, 624, 688, 1792);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theTransformIsTheProductWithTheMatrix(int size) {
        double[] x = panel(size);
        double[] y = x.clone();
        HadamardMatrix h = HadamardMatrix.of(size);

        HadamardTransform.of(h).transform(y);

        double largest = 0;
        for (int column = 0; column < size; column++) {
            double[] sums = new double[WIDTH];
            for (int row = 0; row < size; row++) {
                int entry = h.entry(row, column);
                for (int v = 0; v < WIDTH; v++) {
                    sums[v] += x[row * WIDTH + v] * entry;
                }
            }
            for (int v = 0; v < WIDTH; v++) {
                largest = Math.max(largest, Math.abs(y[column * WIDTH + v] - sums[v] / Math.sqrt(size)));
            }
        }
        assertThat(largest).isLessThan(1e-12);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theInverseRestoresTheVectors(int size) {
        double[] x = panel(size);
        double[] y = x.clone();
        HadamardTransform transform = HadamardTransform.of(HadamardMatrix.of(size));

        transform.transform(y);
        transform.inverse().transform(y);

        assertThat(distance(x, y)).isLessThan(1e-13);
    }

    @ParameterizedTest
    @ValueSource(ints = {14336, 11008, 32768})
    void theSizesOfRealModelsKeepTheLengthOfVectors(int size) {
        double[] x = panel(size);
        double[] y = x.clone();

        HadamardTransform.of(HadamardMatrix.of(size)).transform(y);

        for (int v = 0; v < WIDTH; v++) {
            assertThat(squares(y, v)).isCloseTo(squares(x, v), within(1e-9 * size));
        }
        assertThat(y).isNotEqualTo(x);
    }

    @Test
    void aPanelOfAnotherSizeIsRefused() {
        HadamardTransform transform = HadamardTransform.of(HadamardMatrix.of(4));

        assertThatThrownBy(() -> transform.transform(new double[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 numbers, not 4");
    }

    private static double distance(double[] x, double[] y) {
        return IntStream.range(0, x.length)
                .mapToDouble(i -> Math.abs(x[i] - y[i]))
                .max()
                .orElseThrow();
    }

    private static double squares(double[] panel, int vector) {
        return IntStream.range(0, panel.length / WIDTH)
                .mapToDouble(i -> panel[i * WIDTH + vector])
                .map(value -> value * value)
                .sum();
    }

    private static double[] panel(int size) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(size);
        return random.doubles((long) size * WIDTH, -1, 1).toArray();
    }
}
