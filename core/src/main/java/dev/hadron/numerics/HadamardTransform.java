package dev.hadron.numerics;

import dev.hadron.numerics.internal.PanelLoops;

/**
 * {@code y = x·(H_n/√n)} in {@code O(n·(log n + K))} operations of float64, for vectors of n numbers.
 *
 * <p>They are taken {@value #WIDTH} at a time, side by side in a <i>panel</i>: element i of vector v is at {@code i * WIDTH + v}. All
 * loops then go over numbers that follow each other, whatever n is, and a panel of columns of a matrix needs no transposition.
 *
 * <p>With {@code H_n = kron(H_K, H_m)}, first each of the K parts of a vector goes through log₂ m steps of sums and differences, those
 * that lie farthest apart first; then the K parts are added and subtracted under the signs of {@code H_K}; last all is multiplied by
 * {@code 1/√n}. This order is part of the definition: results are bit-equal for any vector width.
 */
public final class HadamardTransform {
    /** How many vectors a panel has. */
    public static final int WIDTH = PanelLoops.WIDTH;

    /** Half of a first-level cache: steps that stay within so many numbers are done one after another. */
    private static final int NEAR = 2048;

    private final HadamardMatrix matrix;
    private final double[] factorColumns;
    private final double scale;

    private HadamardTransform(HadamardMatrix matrix) {
        this.matrix = matrix;
        this.factorColumns = matrix.factorColumns();
        this.scale = 1 / Math.sqrt(matrix.size());
    }

    /** The product with that matrix, divided by the root of its size. */
    public static HadamardTransform of(HadamardMatrix matrix) {
        return new HadamardTransform(matrix);
    }

    /** The number of elements of a vector. */
    public int size() {
        return matrix.size();
    }

    /** The inverse: the product with the transposed matrix, divided by the root of its size. */
    public HadamardTransform inverse() {
        return new HadamardTransform(matrix.transposed());
    }

    /**
     * Transforms vectors in place.
     *
     * @param panel {@code size() * WIDTH} numbers
     */
    public void transform(double[] panel) {
        int length = Math.multiplyExact(size(), WIDTH);
        if (panel.length != length) {
            throw new IllegalArgumentException("a panel has " + length + " numbers, not " + panel.length);
        }
        PanelLoops loops = PanelLoops.best();
        int part = length / matrix.factor();
        for (int from = 0; from < length; from += part) {
            butterflies(loops, panel, from, part);
        }
        if (matrix.factor() > 1) {
            loops.signedSums(panel, factorColumns, matrix.factor());
        }
        for (int i = 0; i < length; i++) {
            panel[i] *= scale;
        }
    }

    private static void butterflies(PanelLoops loops, double[] panel, int from, int length) {
        if (length <= NEAR) {
            for (int distance = length / 2; distance >= WIDTH; distance /= 2) {
                loops.butterflies(panel, from, length, distance);
            }
            return;
        }
        loops.butterflies(panel, from, length, length / 2);
        butterflies(loops, panel, from, length / 2);
        butterflies(loops, panel, from + length / 2, length / 2);
    }
}
