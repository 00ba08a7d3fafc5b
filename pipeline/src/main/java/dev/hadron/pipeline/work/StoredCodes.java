package dev.hadron.pipeline.work;

import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Kernels;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A quantized weight in the state of a run, of which slices are read.
 *
 * @param codes U8 of the weight's shape, one code a byte
 * @param scale F32
 * @param zeroPoint I32 or F32 of the scale's shape; empty for formats without one
 */
public record StoredCodes(
        QuantizationSpec spec,
        WorkingType workingType,
        TensorInfo codes,
        TensorInfo scale,
        Optional<TensorInfo> zeroPoint) {
    /** The quantized slice; its scales are those of the whole weight that belong to it. */
    public QuantizedTensor slice(TensorSlice slice, TensorFiles files, ReusableArena arena) throws IOException {
        Shape shape = slice.shape();
        Granularity whole = Observers.granularity(spec, slice.whole());
        MemorySegment packed = arena.allocate(QuantizedTensor.codeBytes(spec.format(), shape.elements()), 64);
        MemorySegment single = files.read(codes, slice, arena).data();
        if (spec.format().bits() == 4) {
            Kernels.best().packNibbles(single, 0, packed, 0, shape.elements());
        } else {
            packed.copyFrom(single);
        }
        return new QuantizedTensor(
                spec.format(),
                shape,
                Observers.granularity(spec, shape),
                packed,
                ofSlice(scale, whole, slice, files, arena),
                zeroPoint.isPresent()
                        ? Optional.of(ofSlice(zeroPoint.get(), whole, slice, files, arena))
                        : Optional.empty(),
                Optional.empty(),
                workingType);
    }

    private static Tensor ofSlice(
            TensorInfo stored, Granularity granularity, TensorSlice slice, TensorFiles files, ReusableArena arena)
            throws IOException {
        TensorSlice wanted = switch (granularity) {
            case Granularity.PerTensor unused -> null;
            case Granularity.PerChannel(int axis) ->
                axis == slice.axis() ? new TensorSlice(stored.shape(), 0, slice.from(), slice.to()) : null;
            case Granularity.PerGroup(int axis, long size) ->
                axis == slice.axis()
                        ? new TensorSlice(stored.shape(), 1, slice.from() / size, slice.to() / size)
                        : new TensorSlice(stored.shape(), 0, slice.from(), slice.to());
        };
        if (wanted == null) {
            MemorySegment whole = arena.unfilled(stored.byteSize());
            files.read(stored, 0, whole);
            return new Tensor(stored.type(), stored.shape(), whole);
        }
        return files.read(stored, wanted, arena);
    }

    /** The type that codes are stored in. */
    static StorageType codeType() {
        return StorageType.U8;
    }
}
