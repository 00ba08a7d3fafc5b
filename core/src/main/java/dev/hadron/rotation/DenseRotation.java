package dev.hadron.rotation;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.HadamardTransform;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * A matrix given by its elements, held in float64. Each element of a product is summed in the order of R's rows, one product after the
 * other, so results depend on neither tiles nor threads.
 */
final class DenseRotation implements Rotation {
    private static final int WIDTH = HadamardTransform.WIDTH;

    /** Rows of R that are added at once. */
    private static final int STEP = 4;

    /** A tile of {@link #STEP} rows of R and one of {@link #WIDTH} results fit the first-level cache. */
    private static final int TILE = 256;

    /** The rows, and as many of zeros as make a multiple of {@link #STEP}. */
    private final double[][] rows;

    private final int size;

    private DenseRotation(double[][] rows, int size) {
        this.rows = rows;
        this.size = size;
    }

    /** Copies the elements. */
    static DenseRotation of(Tensor matrix, String name) {
        Shape shape = matrix.shape();
        if (shape.rank() != 2 || shape.extent(0) != shape.extent(1) || shape.extent(0) == 0) {
            throw new InvalidInputException(
                    name + " has the shape " + shape + ", but a rotation is a square matrix; make the file again");
        }
        int size = Math.toIntExact(shape.extent(0));
        double[][] rows = zeros(size);
        for (int row = 0; row < size; row++) {
            read(matrix, row, rows[row], name);
        }
        return new DenseRotation(rows, size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Rotation transposed() {
        double[][] transposed = zeros(size);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                transposed[column][row] = rows[row][column];
            }
        }
        return new DenseRotation(transposed, size);
    }

    @Override
    public void rotate(double[] panel) {
        if (panel.length != size * WIDTH) {
            throw new IllegalArgumentException("a panel has " + size * WIDTH + " numbers, not " + panel.length);
        }
        double[][] vectors = new double[WIDTH][rows.length];
        for (int i = 0; i < panel.length; i++) {
            vectors[i % WIDTH][i / WIDTH] = panel[i];
        }
        double[][] products = new double[WIDTH][size];
        for (int from = 0; from < size; from += TILE) {
            multiply(vectors, products, from, Math.min(size, from + TILE));
        }
        for (int i = 0; i < panel.length; i++) {
            panel[i] = products[i % WIDTH][i / WIDTH];
        }
    }

    /** {@code max |RᵀR − I|}; NaN when an element isn't finite. */
    double deviation(Parallel parallel) {
        double[] largest = new double[Math.ceilDiv(size, WIDTH)];
        parallel.forEach(largest.length, i -> largest[i] = deviation(i * WIDTH));
        double all = 0;
        for (double one : largest) {
            all = Math.max(all, one);
        }
        return all;
    }

    /** Of the rows of {@code RᵀR} from that one on, which are columns of R, as row vectors, times R. */
    private double deviation(int first) {
        int count = Math.min(WIDTH, size - first);
        double[] panel = new double[size * WIDTH];
        for (int i = 0; i < size; i++) {
            System.arraycopy(rows[i], first, panel, i * WIDTH, count);
        }
        rotate(panel);
        double largest = 0;
        for (int i = 0; i < size; i++) {
            for (int v = 0; v < count; v++) {
                largest = Math.max(largest, Math.abs(panel[i * WIDTH + v] - (i == first + v ? 1 : 0)));
            }
        }
        return largest;
    }

    private void multiply(double[][] vectors, double[][] products, int from, int to) {
        for (int row = 0; row < rows.length; row += STEP) {
            for (int v = 0; v < WIDTH; v++) {
                addRows(row, vectors[v], products[v], from, to);
            }
        }
    }

    private void addRows(int row, double[] x, double[] y, int from, int to) {
        double[] r0 = rows[row];
        double[] r1 = rows[row + 1];
        double[] r2 = rows[row + 2];
        double[] r3 = rows[row + 3];
        double x0 = x[row];
        double x1 = x[row + 1];
        double x2 = x[row + 2];
        double x3 = x[row + 3];
        for (int i = from; i < to; i++) {
            y[i] = y[i] + x0 * r0[i] + x1 * r1[i] + x2 * r2[i] + x3 * r3[i];
        }
    }

    private static double[][] zeros(int size) {
        return new double[Math.ceilDiv(size, STEP) * STEP][size];
    }

    private static void read(Tensor matrix, int row, double[] target, String name) {
        long from = (long) row * target.length;
        switch (matrix.type()) {
            case F64 ->
                MemorySegment.copy(matrix.data(), Elements.DOUBLE, from * Double.BYTES, target, 0, target.length);
            case F32, F16, BF16 -> {
                float[] floats = new float[target.length];
                MemorySegment widened = MemorySegment.ofArray(floats);
                Kernels.best().widen(matrix.data(), matrix.type(), from, widened, 0, target.length);
                for (int i = 0; i < target.length; i++) {
                    target[i] = floats[i];
                }
            }
            case F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                throw new InvalidInputException(name + " is of the type " + matrix.type() + ", but a rotation is of "
                        + StorageType.F64 + ", " + StorageType.F32 + ", " + StorageType.F16 + " or " + StorageType.BF16
                        + "; write it with one of these");
        }
    }
}
