package dev.hadron.rotation;

import dev.hadron.error.InvalidInputException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.HadamardMatrix;
import dev.hadron.numerics.HadamardTransform;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * An orthogonal matrix R of size n, which multiplies row vectors from the right: {@code x ← x·R}. Values don't change; any thread may use
 * them.
 *
 * <p>{@link MatrixRotation} applies it to matrices in memory.
 */
public sealed interface Rotation permits HadamardRotation, DenseRotation {
    /** The generator of {@link #randomHadamard}. */
    String GENERATOR = "L64X128MixRandom";

    /** The largest {@code max |RᵀR − I|} of a matrix that comes from a file. */
    double ORTHOGONAL = 1e-3;

    /** The number n of rows and columns. */
    int size();

    /** Rᵀ, which is the inverse. */
    Rotation transposed();

    /**
     * Multiplies vectors by R in place.
     *
     * @param panel {@link HadamardTransform#WIDTH} vectors side by side: element i of vector v at {@code i * WIDTH + v}
     */
    void rotate(double[] panel);

    /**
     * {@code H_n/√n}.
     *
     * @throws UnsupportedQuantizationException when there is no {@link HadamardMatrix} of that size
     */
    static Rotation hadamard(int size) {
        return new HadamardRotation(HadamardTransform.of(HadamardMatrix.of(size)));
    }

    /**
     * {@code diag(s)·H_n/√n}, where entry i of s is 1 where {@link #GENERATOR}, begun with the seed, gives true as its i-th truth value, else
     * −1.
     *
     * @throws UnsupportedQuantizationException when there is no {@link HadamardMatrix} of that size
     */
    static Rotation randomHadamard(int size, long seed) {
        HadamardTransform transform = HadamardTransform.of(HadamardMatrix.of(size));
        RandomGenerator random = RandomGeneratorFactory.of(GENERATOR).create(seed);
        double[] signs = new double[size];
        for (int i = 0; i < size; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
        return new HadamardRotation(transform, signs, false);
    }

    /**
     * A matrix that somebody else found, such as SpinQuant's.
     *
     * @param matrix {@code [n, n]} of F64, F32, F16 or BF16, copied
     * @param name what it is called in messages: its name and its file
     * @throws InvalidInputException when it isn't square, or {@code max |RᵀR − I|} isn't at most {@link #ORTHOGONAL}
     */
    static Rotation dense(Tensor matrix, String name, Parallel parallel) {
        DenseRotation rotation = DenseRotation.of(matrix, name);
        double deviation = rotation.deviation(parallel);
        // Not a number must not pass.
        if (!(deviation <= ORTHOGONAL)) {
            throw new InvalidInputException(
                    name + " isn't orthogonal: max |RᵀR − I| is " + (float) deviation + ", and at most " + ORTHOGONAL
                            + " is allowed; a rotation that isn't orthogonal changes the model, so make the file again");
        }
        return rotation;
    }
}
