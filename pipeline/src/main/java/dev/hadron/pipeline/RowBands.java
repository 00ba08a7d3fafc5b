package dev.hadron.pipeline;

import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.observer.Observers;
import dev.hadron.quantizer.ErrorMeter;
import dev.hadron.quantizer.WeightQuantizer;
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
 * Quantizes a slice of a weight some rows at a time: so few that they stay in a core's cache from reading to comparing. The slice's
 * source is never in memory as a whole.
 */
final class RowBands {
    private final TensorInfo tensor;
    private final WeightQuantizer quantizer;
    private final ErrorMeter errors;
    private final long rows;

    /** Bands of a weight that have so many bytes of the source, unless two rows have more. */
    RowBands(TensorInfo tensor, WeightQuantizer quantizer, ErrorMeter errors, long bytes) {
        this.tensor = tensor;
        this.quantizer = quantizer;
        this.errors = errors;
        // An even number, so that codes of 4 bits fill bytes.
        long ofRow = Math.max(1, tensor.shape().extent(1) * tensor.type().bytes());
        rows = Math.max(2, bytes / ofRow / 2 * 2);
    }

    /** Whether the slice consists of whole rows that depend on no other row. */
    static boolean fit(QuantizationSpec spec, TensorSlice slice) {
        boolean wholeRows = slice.axis() == 0 || slice.runs() == 1;
        // What has no elements is refused as a whole.
        return wholeRows
                && slice.shape().elements() > 0
                && switch (Observers.granularity(spec, slice.whole())) {
                    case Granularity.PerTensor unused -> true;
                    case Granularity.PerChannel(int axis) -> axis == 0;
                    case Granularity.PerGroup(int axis, long unusedSize) ->
                        axis == slice.whole().rank() - 1;
                };
    }

    /** The quantized slice, once its errors are added up. */
    QuantizedTensor quantize(TensorSlice slice, TensorFiles files, ReusableArena arena) throws IOException {
        long first = slice.axis() == 0 ? slice.from() : 0;
        long end = first + slice.shape().extent(0);
        Joined joined = new Joined(slice.shape(), arena);
        try (ReusableArena ofBand = new ReusableArena()) {
            for (long row = first; row < end; row += rows) {
                TensorSlice band = new TensorSlice(slice.whole(), 0, row, Math.min(end, row + rows));
                Tensor source = files.read(tensor, band, ofBand);
                QuantizedTensor quantized = quantizer.quantize(source, ofBand);
                errors.add(source, quantized, row);
                joined.add(quantized, row - first);
                ofBand.reset();
            }
        }
        return joined.tensor();
    }

    /** Bands, one after the other. */
    private static final class Joined {
        private final Shape shape;
        private final ReusableArena arena;
        private Optional<QuantizedTensor> whole = Optional.empty();

        Joined(Shape shape, ReusableArena arena) {
            this.shape = shape;
            this.arena = arena;
        }

        QuantizedTensor tensor() {
            return whole.orElseThrow();
        }

        void add(QuantizedTensor band, long row) {
            if (whole.isEmpty()) {
                whole = Optional.of(unfilled(band));
            }
            QuantizedTensor x = whole.get();
            place(band.codes(), row * (shape.elements() / shape.extent(0)), shape.elements(), x.codes());
            place(band.scale().data(), row, shape.extent(0), x.scale().data());
            band.zeroPoint()
                    .ifPresent(zeros -> place(
                            zeros.data(),
                            row,
                            shape.extent(0),
                            x.zeroPoint().orElseThrow().data()));
        }

        private QuantizedTensor unfilled(QuantizedTensor band) {
            long bytes = QuantizedTensor.codeBytes(band.format(), shape.elements());
            return new QuantizedTensor(
                    band.format(),
                    shape,
                    band.granularity(),
                    arena.unfilled(bytes),
                    unfilled(band.scale()),
                    band.zeroPoint().map(this::unfilled),
                    band.tensorScale(),
                    band.workingType());
        }

        /** Of each row, or the whole's where that is no axis. */
        private Tensor unfilled(Tensor ofBand) {
            if (ofBand.shape().rank() == 0 || ofBand.elements() == 0) {
                return new Tensor(
                        ofBand.type(),
                        ofBand.shape(),
                        arena.unfilled(ofBand.data().byteSize()));
            }
            long[] extents = ofBand.shape().toArray();
            extents[0] = shape.extent(0);
            Shape whole = Shape.of(extents);
            return new Tensor(
                    ofBand.type(),
                    whole,
                    arena.unfilled(whole.elements() * ofBand.type().bytes()));
        }

        /** Brings a part to where its share of the whole begins; what has no rows stands at the beginning. */
        private static void place(MemorySegment part, long index, long of, MemorySegment whole) {
            long at = part.byteSize() == whole.byteSize() ? 0 : whole.byteSize() * index / of;
            MemorySegment.copy(part, 0, whole, at, part.byteSize());
        }
    }
}
