package dev.hadron.model;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
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
     * @throws CheckpointFormatException when there is none, or its numbers aren't floating point
     */
    Tensor load(String tensor, Arena arena);

    /**
     * Writes a tensor, in float32, to where it is wanted, so that it isn't held twice.
     *
     * @param target float32, of the shape that the model's configuration gives the tensor
     * @throws CheckpointFormatException as {@link #load} does, and when the tensor has another shape
     */
    default void loadInto(String tensor, Tensor target) {
        try (Arena scratch = Arena.ofShared()) {
            Tensor loaded = load(tensor, scratch);
            requireShape(tensor, loaded.shape(), target.shape());
            target.data().copyFrom(loaded.data());
        }
    }

    /** Checks that a tensor has the shape that it has in the model which the configuration describes. */
    static void requireShape(String tensor, Shape found, Shape described) {
        if (!found.equals(described)) {
            throw new CheckpointFormatException("the tensor " + tensor + " has shape " + found
                    + ", but config.json describes a model in which it has " + described);
        }
    }

    /**
     * Some rows of a matrix in float32: {@code [rows, width]}.
     *
     * @param rows which, from 0, in any order
     * @param arena owns the result
     * @throws CheckpointFormatException as {@link #load} does, and when the matrix has fewer rows
     */
    default Tensor loadRows(String tensor, long[] rows, Arena arena) {
        try (Arena scratch = Arena.ofShared()) {
            return MatrixRows.of(load(tensor, scratch), tensor, rows, arena);
        }
    }
}
