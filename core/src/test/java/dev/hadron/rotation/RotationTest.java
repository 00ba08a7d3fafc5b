package dev.hadron.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.HadamardMatrix;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
    private static final Parallel PARALLEL = Parallel.sequential();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 64, 80})
    void aHadamardRotationIsTheScaledMatrix(int size) {
        double[][] r = Matrices.of(Rotation.hadamard(size));

        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double entry = HadamardMatrix.of(size).entry(i, j) / Math.sqrt(size);
                assertThat(r[i][j]).isCloseTo(entry, within(1e-15));
            }
        }
    }

    @Test
    void randomSignsMultiplyTheRowsOfTheMatrix() {
        double[][] plain = Matrices.of(Rotation.hadamard(24));
        double[][] random = Matrices.of(Rotation.randomHadamard(24, 7));
        var generator = RandomGeneratorFactory.of(Rotation.GENERATOR).create(7);

        int negative = 0;
        for (int i = 0; i < 24; i++) {
            double sign = generator.nextBoolean() ? 1 : -1;
            negative += sign < 0 ? 1 : 0;
            for (int j = 0; j < 24; j++) {
                assertThat(random[i][j]).isEqualTo(sign * plain[i][j]);
            }
        }
        assertThat(negative).isBetween(1, 23);
    }

    @Test
    void anotherSeedGivesOtherSignsAndTheSameOneTheSame() {
        assertThat(Matrices.of(Rotation.randomHadamard(64, 1)))
                .isDeepEqualTo(Matrices.of(Rotation.randomHadamard(64, 1)));
        assertThat(Matrices.of(Rotation.randomHadamard(64, 1))[0])
                .isNotEqualTo(Matrices.of(Rotation.randomHadamard(64, 2))[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 12, 28, 40, 64, 104})
    void theTransposeIsTheTransposedMatrix(int size) {
        for (Rotation rotation :
                new Rotation[] {Rotation.hadamard(size), Rotation.randomHadamard(size, 3), dense(size)}) {
            double[][] r = Matrices.of(rotation);
            double[][] transposed = Matrices.of(rotation.transposed());

            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    assertThat(transposed[j][i]).isCloseTo(r[i][j], within(1e-15));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 12, 301})
    void aDenseRotationIsTheMatrixThatWasGiven(int size) {
        double[][] q = Matrices.orthogonal(size, 5);

        Rotation rotation = Rotation.dense(Matrices.tensor(q), "R1 of test", PARALLEL);

        assertThat(rotation.size()).isEqualTo(size);
        assertThat(Matrices.of(rotation)).isDeepEqualTo(q);
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void aDenseRotationComesInAnyTypeOfWeights(StorageType type) {
        Tensor swap = Tensor.allocate(java.lang.foreign.Arena.ofAuto(), type, Shape.of(2, 2));
        byte[] one = switch (type) {
            case F64 -> new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f};
            case F32 -> new byte[] {0, 0, (byte) 0x80, 0x3f};
            case F16 -> new byte[] {0, 0x3c};
            default -> new byte[] {(byte) 0x80, 0x3f};
        };
        MemorySegment.copy(MemorySegment.ofArray(one), 0, swap.data(), type.bytes(), type.bytes());
        MemorySegment.copy(MemorySegment.ofArray(one), 0, swap.data(), 2L * type.bytes(), type.bytes());

        Rotation rotation = Rotation.dense(swap, "R", PARALLEL);

        assertThat(Matrices.of(rotation)).isDeepEqualTo(new double[][] {{0, 1}, {1, 0}});
    }

    @Test
    void aMatrixThatIsNotOrthogonalIsRefusedWithItsDeviation() {
        Tensor skewed = Tensor.ofFloats(new float[] {1, 0, 0.25f, 1}, 2, 2);

        assertThatThrownBy(() -> Rotation.dense(skewed, "R1 of r.bin", PARALLEL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "R1 of r.bin isn't orthogonal: max |RᵀR − I| is 0.25, and at most 0.001 is allowed");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE})
    void elementsThatAreNotFiniteAreRefused(float element) {
        for (int place = 0; place < 81; place++) {
            float[] values = new float[81];
            for (int i = 0; i < 9; i++) {
                values[i * 10] = 1;
            }
            values[place] = element;

            assertThatThrownBy(() -> Rotation.dense(Tensor.ofFloats(values, 9, 9), "R", PARALLEL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("R isn't orthogonal");
        }
    }

    @Test
    void theLimitOfTheDeviationIsAThousandth() {
        Tensor within = Tensor.ofFloats(new float[] {1.0004f}, 1, 1);
        Tensor beyond = Tensor.ofFloats(new float[] {1.0006f}, 1, 1);

        assertThat(Rotation.dense(within, "R", PARALLEL).size()).isEqualTo(1);
        assertThatThrownBy(() -> Rotation.dense(beyond, "R", PARALLEL)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void aMatrixThatIsNotSquareIsRefused() {
        for (Tensor other : new Tensor[] {
            Tensor.ofFloats(new float[6], 2, 3), Tensor.ofFloats(new float[4], 4), Tensor.ofFloats(new float[0], 0, 0)
        }) {
            assertThatThrownBy(() -> Rotation.dense(other, "R2 of r.bin", PARALLEL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(
                            "R2 of r.bin has the shape " + other.shape() + ", but a rotation is a square matrix");
        }
    }

    @Test
    void integersAreRefused() {
        assertThatThrownBy(() -> Rotation.dense(Tensor.ofInts(new int[] {1}, 1, 1), "R", PARALLEL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("R is of the type I32");
    }

    @Test
    void aSizeWithoutHadamardMatrixIsRefused() {
        assertThatThrownBy(() -> Rotation.randomHadamard(44, 1)).isInstanceOf(UnsupportedQuantizationException.class);
    }

    private static Rotation dense(int size) {
        return Rotation.dense(Matrices.tensor(Matrices.orthogonal(size, 9)), "R", PARALLEL);
    }
}
