package dev.hadron.algorithm.scaling;

import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Multiplies or divides the rows or columns of weights in host memory. */
public final class WeightFactors {
    private static final long GRAIN = 16;

    private WeightFactors() {}

    /** {@code W[:, j] *= s[j]}. */
    public static void multiplyColumns(Tensor weight, float[] s, Parallel parallel) {
        multiplyColumns(weight, s, weight, parallel);
    }

    /** {@code Y[:, j] = W[:, j] s[j]}; {@code Y} may be {@code W}. */
    public static void multiplyColumns(Tensor weight, float[] s, Tensor y, Parallel parallel) {
        parallel.forRanges(
                weight.shape().extent(0),
                GRAIN,
                (from, to) -> HostRows.read(weight, from, to, (index, row) -> {
                    for (int j = 0; j < row.length; j++) {
                        row[j] *= s[j];
                    }
                    MemorySegment.copy(row, 0, y.data(), Tensor.FLOAT, index * row.length * Float.BYTES, row.length);
                }));
    }

    /** {@code W[:, j] /= s[j]}. */
    public static void divideColumns(Tensor weight, float[] s, Parallel parallel) {
        rows(weight, parallel, (index, row) -> {
            for (int j = 0; j < row.length; j++) {
                row[j] /= s[j];
            }
        });
    }

    /** {@code W[i, :] /= s[i]}; a vector is a matrix of one column. */
    public static void divideRows(Tensor weight, float[] s, Parallel parallel) {
        if (weight.shape().rank() == 1) {
            divideColumns(HostRows.asMatrix(weight), s, Parallel.sequential());
            return;
        }
        rows(weight, parallel, (index, row) -> {
            float divisor = s[(int) index];
            for (int j = 0; j < row.length; j++) {
                row[j] /= divisor;
            }
        });
    }

    /** The largest magnitude of each column is taken into {@code largest}. */
    public static void columnMaxima(Tensor weight, float[] largest) {
        HostRows.read(weight, 0, weight.shape().extent(0), (index, row) -> {
            for (int j = 0; j < row.length; j++) {
                largest[j] = Math.max(largest[j], Math.abs(row[j]));
            }
        });
    }

    private static void rows(Tensor weight, Parallel parallel, HostRows.RowTask task) {
        parallel.forRanges(weight.shape().extent(0), GRAIN, (from, to) -> HostRows.edit(weight, from, to, task));
    }
}
