package dev.hadron.rotation;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.HadamardTransform;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Matrices by definition. */
final class Matrices {
    private Matrices() {}

    /** The rows that a rotation makes of the rows of the identity. */
    static double[][] of(Rotation rotation) {
        double[][] rows = new double[rotation.size()][rotation.size()];
        for (int row = 0; row < rows.length; row++) {
            double[] panel = new double[rotation.size() * HadamardTransform.WIDTH];
            panel[row * HadamardTransform.WIDTH + 3] = 1;
            rotation.rotate(panel);
            for (int i = 0; i < rows.length; i++) {
                rows[row][i] = panel[i * HadamardTransform.WIDTH + 3];
            }
        }
        return rows;
    }

    /** Normal numbers. */
    static double[][] random(int rows, int columns, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        double[][] x = new double[rows][columns];
        for (double[] row : x) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return x;
    }

    /** Random rows after Gram and Schmidt, twice. */
    static double[][] orthogonal(int size, long seed) {
        double[][] q = random(size, size, seed);
        for (int row = 0; row < size; row++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int earlier = 0; earlier < row; earlier++) {
                    double shared = dot(q[row], q[earlier]);
                    for (int i = 0; i < size; i++) {
                        q[row][i] -= shared * q[earlier][i];
                    }
                }
            }
            double length = Math.sqrt(dot(q[row], q[row]));
            for (int i = 0; i < size; i++) {
                q[row][i] /= length;
            }
        }
        return q;
    }

    /** The product. */
    static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    /** Rows for columns. */
    static double[][] transposed(double[][] a) {
        double[][] transposed = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                transposed[j][i] = a[i][j];
            }
        }
        return transposed;
    }

    /** That matrix {@code times} times along the diagonal. */
    static double[][] diagonal(double[][] block, int times) {
        double[][] matrix = new double[block.length * times][block.length * times];
        for (int i = 0; i < matrix.length; i++) {
            System.arraycopy(block[i % block.length], 0, matrix[i], i / block.length * block.length, block.length);
        }
        return matrix;
    }

    /** F64. */
    static Tensor tensor(double[][] x) {
        Shape shape = Shape.of(x.length, x[0].length);
        Tensor tensor = new Tensor(
                StorageType.F64,
                shape,
                MemorySegment.ofArray(new byte[Math.toIntExact(shape.elements()) * Double.BYTES]));
        for (int i = 0; i < x.length; i++) {
            MemorySegment.copy(
                    x[i], 0, tensor.data(), Elements.DOUBLE, (long) i * x[i].length * Double.BYTES, x[i].length);
        }
        return tensor;
    }

    /** F32. */
    static Tensor floats(double[][] x) {
        float[] values = new float[x.length * x[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) x[i / x[0].length][i % x[0].length];
        }
        return Tensor.ofFloats(values, x.length, x[0].length);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
