package dev.hadron.model;

import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;

/** Where a decoder gets its weights from, one tensor at a time. */
public interface WeightSource {
    /** Whether there is a tensor of this name. */
    boolean has(String tensor);

    /**
     * A tensor in float32.
     *
     * @param tensor the checkpoint's name: {@code model.layers.0.mlp.down_proj.weight}
     * @param arena owns the result
     * @throws dev.hadron.error.CheckpointFormatException when there is none, or its numbers aren't floating point
     */
    Tensor load(String tensor, Arena arena);

    /**
     * Some rows of a matrix in float32: {@code [rows, width]}.
     *
     * @param rows which, from 0, in any order
     * @param arena owns the result
     * @throws dev.hadron.error.CheckpointFormatException as {@link #load} does, and when the matrix has fewer rows
     */
    default Tensor loadRows(String tensor, long[] rows, Arena arena) {
        try (Arena scratch = Arena.ofShared()) {
            return MatrixRows.of(load(tensor, scratch), tensor, rows, arena);
        }
    }
}
