package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
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
    /** Elements that are mapped at once. */
    private static final long PART = 1 << 23;

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
        Tensor floats =
                Tensor.allocate(arena, StorageType.F32, requireFloats(tensor).shape());
        loadInto(tensor, floats);
        return floats;
    }

    /** {@inheritDoc} Of the file a part at a time is mapped, since mapped pages count as the process's memory. */
    @Override
    public void loadInto(String tensor, Tensor target) {
        TensorInfo info = requireFloats(tensor);
        WeightSource.requireShape(tensor, info.shape(), target.shape());
        if (info.shape().rank() == 0 || info.shape().elements() == 0) {
            mapped(tensor, stored -> widened(stored, target, 0));
            return;
        }
        long rows = info.shape().extent(0);
        long width = info.shape().elements() / rows;
        long part = Math.clamp(PART / width, 1, rows);
        for (long from = 0; from < rows; from += part) {
            try (MappedTensor slice = checkpoint.mapRows(tensor, from, Math.min(part, rows - from))) {
                widened(slice.tensor(), target, from * width);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Tensor widened(Tensor stored, Tensor target, long at) {
        Kernels.best().widen(stored.data(), stored.type(), 0, target.data(), at, stored.elements());
        return target;
    }

    /** {@inheritDoc} Only these rows are read from the file. */
    @Override
    public Tensor loadRows(String tensor, long[] rows, Arena arena) {
        return mapped(tensor, stored -> MatrixRows.of(stored, tensor, rows, arena));
    }

    private TensorInfo requireFloats(String tensor) {
        TensorInfo info = checkpoint.require(tensor);
        if (!info.type().isWeightFloat()) {
            throw new CheckpointFormatException("the tensor " + tensor + " of " + checkpoint.folder() + " is "
                    + info.type() + "; a weight must be F32, F16 or BF16");
        }
        return info;
    }

    private Tensor mapped(String tensor, UnaryOperator<Tensor> reader) {
        requireFloats(tensor);
        try (MappedTensor mapped = checkpoint.map(tensor)) {
            return reader.apply(mapped.tensor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
