package dev.hadron.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixRotationTest {
    private static final Parallel PARALLEL = Parallel.sequential();

    @FunctionalInterface
    private interface Operation {
        void apply(Tensor x, Rotation rotation, Parallel parallel);
    }

    private static List<Rotation> rotations() {
        List<Rotation> rotations = new ArrayList<>();
        for (int size : new int[] {1, 4, 12, 40, 64}) {
            rotations.add(Rotation.hadamard(size));
            rotations.add(Rotation.randomHadamard(size, size).transposed());
            rotations.add(Rotation.dense(Matrices.tensor(Matrices.orthogonal(size, 1)), "R", PARALLEL));
        }
        return rotations;
    }

    @ParameterizedTest
    @MethodSource("rotations")
    void rowsAreMultipliedFromTheRight(Rotation rotation) {
        double[][] r = Matrices.of(rotation);
        for (int rows : new int[] {1, 7, 8, 19}) {
            double[][] x = Matrices.random(rows, rotation.size(), rows);

            agrees(MatrixRotation::rows, x, rotation, Matrices.product(x, r));
        }
    }

    @ParameterizedTest
    @MethodSource("rotations")
    void columnsAreMultipliedFromTheLeftByTheTranspose(Rotation rotation) {
        double[][] r = Matrices.of(rotation);
        for (int columns : new int[] {1, 7, 8, 19}) {
            double[][] x = Matrices.random(rotation.size(), columns, columns);

            agrees(MatrixRotation::columns, x, rotation, Matrices.product(Matrices.transposed(r), x));
        }
    }

    @ParameterizedTest
    @MethodSource("rotations")
    void blocksAreABlockDiagonalMatrix(Rotation rotation) {
        double[][] r = Matrices.diagonal(Matrices.of(rotation), 3);
        double[][] x = Matrices.random(11, r.length, 4);
        double[][] y = Matrices.random(r.length, 11, 5);

        agrees(MatrixRotation::rowBlocks, x, rotation, Matrices.product(x, r));
        agrees(MatrixRotation::columnBlocks, y, rotation, Matrices.product(Matrices.transposed(r), y));
    }

    @Test
    void aLayerRotatedOnBothSidesComputesTheRotatedFunction() {
        Rotation in = Rotation.randomHadamard(24, 1);
        Rotation out = Rotation.dense(Matrices.tensor(Matrices.orthogonal(10, 2)), "R", PARALLEL);
        double[][] weight = Matrices.random(10, 24, 3);
        double[][] bias = Matrices.random(1, 10, 4);
        double[][] x = Matrices.random(5, 24, 5);
        Tensor rotatedWeight = Matrices.tensor(weight);
        Tensor rotatedBias =
                new Tensor(StorageType.F64, Shape.of(10), Matrices.tensor(bias).data());
        Tensor rotatedX = Matrices.tensor(x);

        MatrixRotation.rows(rotatedWeight, in, PARALLEL);
        MatrixRotation.columns(rotatedWeight, out, PARALLEL);
        MatrixRotation.rows(rotatedBias, out, PARALLEL);
        MatrixRotation.rows(rotatedX, in, PARALLEL);

        double[][] y = layer(x, weight, bias[0]);
        double[][] expected = Matrices.product(y, Matrices.of(out));
        double[][] actual = layer(values(rotatedX), values(rotatedWeight), values(rotatedBias)[0]);
        close(actual, expected, 1e-13);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void anyNumberOfThreadsGivesTheSameBits(int threads) {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            Parallel parallel = Parallel.of(executor, threads);
            for (Rotation rotation : rotations()) {
                double[][] x = Matrices.random(3 * rotation.size(), 3 * rotation.size(), 6);
                for (Operation operation :
                        List.<Operation>of(MatrixRotation::rowBlocks, MatrixRotation::columnBlocks)) {
                    Tensor alone = Matrices.floats(x);
                    Tensor together = Matrices.floats(x);

                    operation.apply(alone, rotation, PARALLEL);
                    operation.apply(together, rotation, parallel);

                    assertThat(together.data().mismatch(alone.data())).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void theTransposeTakesFloatsBackToWhatTheyWere() {
        double[][] x = Matrices.random(9, 344, 7);
        Rotation rotation = Rotation.randomHadamard(344, 8);
        Tensor weight = Matrices.floats(x);

        MatrixRotation.rows(weight, rotation, PARALLEL);
        MatrixRotation.rows(weight, rotation.transposed(), PARALLEL);

        close(values(weight), x, 1e-6);
    }

    @Test
    void aWholeRotationOfAnotherSizeIsRefused() {
        Rotation rotation = Rotation.hadamard(4);
        Tensor eight = Tensor.ofFloats(new float[64], 8, 8);

        refused(() -> MatrixRotation.rows(eight, rotation, PARALLEL), "size 4 isn't for a matrix of 8 columns");
        refused(() -> MatrixRotation.columns(eight, rotation, PARALLEL), "size 4 isn't for a matrix of 8 rows");
    }

    @Test
    void blocksThatDoNotFillTheMatrixAreRefused() {
        Rotation rotation = Rotation.hadamard(4);
        Tensor six = Tensor.ofFloats(new float[36], 6, 6);

        refused(() -> MatrixRotation.rowBlocks(six, rotation, PARALLEL), "6 columns, which isn't a multiple");
        refused(() -> MatrixRotation.columnBlocks(six, rotation, PARALLEL), "6 rows, which isn't a multiple");
    }

    @Test
    void otherTypesAndRanksAreRefused() {
        Rotation rotation = Rotation.hadamard(4);
        Tensor half = new Tensor(StorageType.F16, Shape.of(4), MemorySegment.ofArray(new byte[8]));
        Tensor cube = Tensor.ofFloats(new float[64], 4, 4, 4);
        Tensor vector = Tensor.ofFloats(new float[4], 4);

        refused(() -> MatrixRotation.rows(half, rotation, PARALLEL), "F32 or F64, not F16");
        refused(() -> MatrixRotation.rows(cube, rotation, PARALLEL), "not of a tensor of shape [4, 4, 4]");
        refused(() -> MatrixRotation.columns(vector, rotation, PARALLEL), "not of a tensor of shape [4]");
    }

    private static void refused(Runnable operation, String message) {
        assertThatThrownBy(operation::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static void agrees(Operation operation, double[][] x, Rotation rotation, double[][] expected) {
        Tensor doubles = Matrices.tensor(x);
        Tensor floats = Matrices.floats(x);

        operation.apply(doubles, rotation, PARALLEL);
        operation.apply(floats, rotation, PARALLEL);

        close(values(doubles), expected, 1e-13);
        close(values(floats), expected, 2e-6);
    }

    private static void close(double[][] actual, double[][] expected, double tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(tolerance));
        }
    }

    private static double[][] layer(double[][] x, double[][] weight, double[] bias) {
        double[][] y = Matrices.product(x, Matrices.transposed(weight));
        for (double[] row : y) {
            for (int i = 0; i < row.length; i++) {
                row[i] += bias[i];
            }
        }
        return y;
    }

    private static double[][] values(Tensor x) {
        int columns = Math.toIntExact(x.shape().extent(x.shape().rank() - 1));
        double[][] values = new double[Math.toIntExact(x.elements()) / columns][columns];
        for (int i = 0; i < x.elements(); i++) {
            values[i / columns][i % columns] = Elements.of(x).get(i);
        }
        return values;
    }
}
