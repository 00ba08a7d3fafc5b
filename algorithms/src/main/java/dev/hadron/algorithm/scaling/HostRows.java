package dev.hadron.algorithm.scaling;

import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Loops over the rows of float32 matrices in host memory. Each row passes through an array, where loops are fast. */
public final class HostRows {
    private HostRows() {}

    /** Does something with the elements of a row. */
    @FunctionalInterface
    public interface RowTask {
        /** The row of that index. */
        void run(long row, float[] elements);
    }

    /** Reads rows {@code from} to {@code to} of {@code [rows, width]}. */
    public static void read(Tensor x, long from, long to, RowTask task) {
        float[] row = new float[Math.toIntExact(x.shape().extent(1))];
        for (long index = from; index < to; index++) {
            MemorySegment.copy(x.data(), Tensor.FLOAT, index * row.length * Float.BYTES, row, 0, row.length);
            task.run(index, row);
        }
    }

    /** Changes rows {@code from} to {@code to} of {@code [rows, width]}. */
    public static void edit(Tensor x, long from, long to, RowTask task) {
        read(x, from, to, (index, row) -> {
            task.run(index, row);
            MemorySegment.copy(row, 0, x.data(), Tensor.FLOAT, index * row.length * Float.BYTES, row.length);
        });
    }

    /** How many rows a tensor has; a vector is one. */
    public static Tensor asMatrix(Tensor x) {
        return x.shape().rank() == 1 ? new Tensor(x.type(), dev.hadron.tensor.Shape.of(1, x.elements()), x.data()) : x;
    }
}
