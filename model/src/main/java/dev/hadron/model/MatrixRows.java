package dev.hadron.model;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.numerics.Kernels;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;

/** Picks rows of a matrix. */
final class MatrixRows {
    private MatrixRows() {}

    /**
     * Rows in float32, {@code [rows, width]}.
     *
     * @param matrix F32, F16 or BF16, {@code [any, width]}
     * @param name what errors call it
     */
    static Tensor of(Tensor matrix, String name, long[] rows, Arena arena) {
        if (matrix.shape().rank() != 2) {
            throw new CheckpointFormatException(
                    "the tensor " + name + " has shape " + matrix.shape() + "; a table has two dimensions");
        }
        long width = matrix.shape().extent(1);
        Tensor picked = Tensor.allocate(arena, StorageType.F32, Shape.of(rows.length, width));
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= matrix.shape().extent(0)) {
                throw new CheckpointFormatException("the tensor " + name + " has shape " + matrix.shape()
                        + ", but config.json describes a model in which it has a row " + rows[i]);
            }
            Kernels.best().widen(matrix.data(), matrix.type(), rows[i] * width, picked.data(), i * width, width);
        }
        return picked;
    }
}
