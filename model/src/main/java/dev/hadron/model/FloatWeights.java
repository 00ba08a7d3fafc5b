package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.numerics.Kernels;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.function.UnaryOperator;

/** The floating-point tensors of a checkpoint, widened to float32. */
public final class FloatWeights implements WeightSource {
    private final Checkpoint checkpoint;

    /** Weights of a checkpoint, which must stay open. */
    public FloatWeights(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    @Override
    public boolean has(String tensor) {
        return checkpoint.find(tensor).isPresent();
    }

    @Override
    public Tensor load(String tensor, Arena arena) {
        return mapped(tensor, stored -> {
            Tensor floats = Tensor.allocate(arena, StorageType.F32, stored.shape());
            Kernels.best().widen(stored.data(), stored.type(), 0, floats.data(), 0, stored.elements());
            return floats;
        });
    }

    /** {@inheritDoc} Only these rows are read from the file. */
    @Override
    public Tensor loadRows(String tensor, long[] rows, Arena arena) {
        return mapped(tensor, stored -> MatrixRows.of(stored, tensor, rows, arena));
    }

    private Tensor mapped(String tensor, UnaryOperator<Tensor> reader) {
        StorageType type = checkpoint.require(tensor).type();
        if (!type.isWeightFloat()) {
            throw new CheckpointFormatException("the tensor " + tensor + " of " + checkpoint.folder() + " is " + type
                    + "; a weight must be F32, F16 or BF16");
        }
        try (MappedTensor mapped = checkpoint.map(tensor)) {
            return reader.apply(mapped.tensor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
