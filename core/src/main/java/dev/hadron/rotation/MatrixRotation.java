package dev.hadron.rotation;

import dev.hadron.numerics.HadamardTransform;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.util.function.LongFunction;

/**
 * Matrices in memory times a {@link Rotation}, in place: in float64, the result rounded to the matrix's type. Results depend on neither
 * the number of threads nor the width of vectors.
 *
 * <p>A linear layer's weight is {@code [out, in]}: its inputs are rotated by {@link #rows}, its outputs by {@link #columns}, and its bias
 * {@code [out]}, like one row of activations, by {@link #rows} too. Head by head, the matrix is {@code diag(R, …, R)}: value projections
 * are rotated by {@link #columnBlocks} (and their bias by {@link #rowBlocks}), output projections by {@link #rowBlocks}. Embeddings
 * {@code [vocabulary, hidden]} and activations {@code [tokens, n]} are rows.
 *
 * <p>All take a matrix of F32 or F64; a vector is one row.
 */
public final class MatrixRotation {
    private static final int WIDTH = HadamardTransform.WIDTH;

    private MatrixRotation() {}

    /**
     * {@code X ← X·R}.
     *
     * @param x {@code [rows, n]} or {@code [n]}
     */
    public static void rows(Tensor x, Rotation rotation, Parallel parallel) {
        requireWhole(rowLength(x), rotation, "columns");
        rowBlocks(x, rotation, parallel);
    }

    /**
     * {@code X ← X·diag(R, …, R)}: each n numbers that follow each other in a row are a vector.
     *
     * @param x {@code [rows, k·n]} or {@code [k·n]}
     */
    public static void rowBlocks(Tensor x, Rotation rotation, Parallel parallel) {
        requireBlocks(rowLength(x), rotation, "columns");
        int size = rotation.size();
        long vectors = x.elements() / size;
        rotate(x, rotation, parallel, Math.ceilDiv(vectors, WIDTH), panel -> {
            long first = panel * WIDTH;
            return new Elements.Vectors(first * size, size, 1, (int) Math.min(WIDTH, vectors - first), size);
        });
    }

    /**
     * {@code X ← Rᵀ·X}.
     *
     * @param x {@code [n, columns]}
     */
    public static void columns(Tensor x, Rotation rotation, Parallel parallel) {
        requireMatrix(x);
        requireWhole(x.shape().extent(0), rotation, "rows");
        columnBlocks(x, rotation, parallel);
    }

    /**
     * {@code X ← diag(R, …, R)ᵀ·X}: each n numbers below each other are a vector.
     *
     * @param x {@code [k·n, columns]}
     */
    public static void columnBlocks(Tensor x, Rotation rotation, Parallel parallel) {
        requireMatrix(x);
        requireBlocks(x.shape().extent(0), rotation, "rows");
        int size = rotation.size();
        long columns = x.shape().extent(1);
        long panels = Math.ceilDiv(columns, WIDTH);
        rotate(x, rotation, parallel, x.shape().extent(0) / size * panels, panel -> {
            long column = panel % panels * WIDTH;
            long from = panel / panels * size * columns + column;
            return new Elements.Vectors(from, 1, columns, (int) Math.min(WIDTH, columns - column), size);
        });
    }

    private static void rotate(
            Tensor x, Rotation rotation, Parallel parallel, long panels, LongFunction<Elements.Vectors> vectors) {
        Elements elements = Elements.of(x);
        parallel.forRanges(panels, 1, (from, to) -> {
            double[] panel = new double[Math.multiplyExact(rotation.size(), WIDTH)];
            for (long i = from; i < to; i++) {
                Elements.Vectors place = vectors.apply(i);
                elements.load(place, panel);
                rotation.rotate(panel);
                elements.store(panel, place);
            }
        });
    }

    private static long rowLength(Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() != 1 && shape.rank() != 2) {
            throw new IllegalArgumentException(
                    "rows of a matrix or vector are rotated, not of a tensor of shape " + shape);
        }
        return shape.extent(shape.rank() - 1);
    }

    private static void requireMatrix(Tensor x) {
        if (x.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "columns of a matrix are rotated, not of a tensor of shape " + x.shape());
        }
    }

    private static void requireWhole(long extent, Rotation rotation, String what) {
        if (extent != rotation.size()) {
            throw new IllegalArgumentException(
                    "a rotation of size " + rotation.size() + " isn't for a matrix of " + extent + " " + what);
        }
    }

    private static void requireBlocks(long extent, Rotation rotation, String what) {
        if (extent % rotation.size() != 0) {
            throw new IllegalArgumentException("a rotation of size " + rotation.size() + " isn't for a matrix of "
                    + extent + " " + what + ", which isn't a multiple");
        }
    }
}
