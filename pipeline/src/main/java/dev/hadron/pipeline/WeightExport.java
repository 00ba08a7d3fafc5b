package dev.hadron.pipeline;

import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.Layout;
import dev.hadron.export.layout.Slicing;
import dev.hadron.numerics.Parallel;
import dev.hadron.pipeline.work.StoredCodes;
import dev.hadron.plan.LayerPlan;
import dev.hadron.quantizer.ErrorMeter;
import dev.hadron.quantizer.WeightQuantizer;
import dev.hadron.report.LayerQuality;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One weight on its way from file to file, in slices: read, quantized, packed, unpacked again and compared, written. */
final class WeightExport {
    /** Scales pass through arrays of several types; so many make arrays that are collected early. */
    private static final long SCALES = 1L << 17;

    private final LayerFormat format;
    private final TensorInfo tensor;
    private final Layout layout;
    private final WeightQuantizer quantizer;
    private final Optional<StoredCodes> codes;
    private final List<TensorSlice> slices;
    private final Map<String, TensorDeclaration> declared = new HashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final ErrorMeter errors;
    private final RowBands bands;
    private final AtomicBoolean smallScale = new AtomicBoolean();

    /**
     * An export of one weight.
     *
     * @param tensor where its values are
     * @param codes that were chosen for it; found by rounding where there are none
     */
    WeightExport(LayerPlan layer, TensorInfo tensor, Optional<StoredCodes> codes, Layout layout, MemoryBudget budget) {
        this.format = layer.format();
        this.tensor = tensor;
        this.layout = layout;
        quantizer = WeightQuantizer.of(
                layer.weight().orElseThrow(),
                layer.workingType().storage(),
                "the tensor " + layer.weightView().tensor(),
                Parallel.sequential());
        this.codes = codes;
        slices = slices(layer, tensor, layout.slicing(format), budget.sliceBytes());
        errors = new ErrorMeter(tensor.shape().extent(0), tensor.shape().extent(1));
        bands = new RowBands(tensor, quantizer, errors, budget.bandBytes());
        layout.declare(format).forEach(declaration -> declared.put(declaration.name(), declaration));
    }

    private static List<TensorSlice> slices(LayerPlan layer, TensorInfo tensor, Slicing slicing, long sliceBytes) {
        QuantizationSpec spec = layer.weight().orElseThrow();
        long scales = Math.max(1, WeightQuantizer.scales(spec, tensor.shape()));
        long elements = Math.min(
                sliceBytes / tensor.type().bytes(),
                SCALES * Math.ceilDiv(tensor.shape().elements(), scales));
        return slicing.cut(tensor.shape(), elements);
    }

    /** The layer's name. */
    String layer() {
        return format.layer();
    }

    /** The pieces of the work, in the order of the file. */
    List<TensorSlice> slices() {
        return slices;
    }

    /** How many bytes of the source a slice has. */
    long bytes(TensorSlice slice) {
        return slice.shape().elements() * tensor.type().bytes();
    }

    /** Whether all slices have to be looked at before the first one can be quantized. */
    boolean needsScan() {
        return codes.isEmpty() && quantizer.passes() > 0;
    }

    /** Looks at all slices, in order. */
    void scan(TensorFiles files, ReusableArena arena) throws IOException {
        for (int pass = 0; pass < quantizer.passes(); pass++) {
            for (TensorSlice slice : slices) {
                quantizer.scan(pass, files.read(tensor, slice, arena));
                arena.reset();
            }
        }
    }

    /** Does all that is to be done with a slice. */
    void export(TensorSlice slice, TensorFiles files, ReusableArena arena, CheckedWriter writer) throws IOException {
        QuantizedTensor weight = codes.isEmpty() && RowBands.fit(format.weight().orElseThrow(), slice)
                ? bands.quantize(slice, files, arena)
                : quantize(slice, files, arena);
        LayerFormat ofSlice = format.ofSlice(slice);
        Map<String, Tensor> packed = layout.packWeight(ofSlice, weight, arena);
        requireSame(weight, layout.unpackWeight(ofSlice, name -> Objects.requireNonNull(packed.get(name)), arena));
        checkScales(weight);
        for (Map.Entry<String, Tensor> entry : packed.entrySet()) {
            write(entry.getKey(), entry.getValue(), slice, writer);
        }
    }

    private QuantizedTensor quantize(TensorSlice slice, TensorFiles files, ReusableArena arena) throws IOException {
        Tensor source = files.read(tensor, slice, arena);
        QuantizedTensor weight =
                codes.isPresent() ? codes.get().slice(slice, files, arena) : quantizer.quantize(source, arena);
        errors.add(source, weight, slice.axis() == 0 ? slice.from() : 0);
        return weight;
    }

    /** How many bytes have been written of the weight's tensors. */
    long writtenBytes() {
        return bytes.get();
    }

    /** What quantizing did to the weight. */
    LayerQuality quality() {
        String dtype = format.weight().orElseThrow().dtype().wireName();
        return new LayerQuality(format.layer(), dtype, errors.statistics());
    }

    /** Whether a scale had to be raised to the smallest number of its type. */
    boolean hasSmallScale() {
        return smallScale.get();
    }

    private void write(String name, Tensor packed, TensorSlice slice, CheckedWriter writer) throws IOException {
        TensorDeclaration whole = Objects.requireNonNull(declared.get(name));
        boolean isOfWhole = whole.shape().rank() == 0;
        if (isOfWhole && slice.from() > 0) {
            return;
        }
        // A slice begins where a row of the packed tensor does, whether that holds one of the weight's rows or several.
        long row = isOfWhole
                ? 0
                : whole.shape().extent(0) * slice.from() / slice.whole().extent(slice.axis());
        long at = isOfWhole ? 0 : whole.byteSize() / whole.shape().extent(0) * row;
        writer.write(name, at, packed.data());
        bytes.addAndGet(packed.data().byteSize());
    }

    private void requireSame(QuantizedTensor weight, QuantizedTensor unpacked) throws IOException {
        boolean same = weight.codes().mismatch(unpacked.codes()) < 0
                && same(Optional.of(weight.scale()), Optional.of(unpacked.scale()))
                && same(weight.zeroPoint(), unpacked.zeroPoint())
                && same(weight.tensorScale(), unpacked.tensorScale());
        if (!same) {
            throw new IOException("the weight of layer " + layer()
                    + " doesn't unpack to the codes and scales that were packed; check the machine's memory");
        }
    }

    private static boolean same(Optional<Tensor> one, Optional<Tensor> other) {
        return one.isPresent() == other.isPresent()
                && (one.isEmpty()
                        || one.get().data().mismatch(other.orElseThrow().data()) < 0);
    }

    private void checkScales(QuantizedTensor weight) throws IOException {
        float smallest = weight.workingType().minNormal();
        for (float scale : weight.scale().toFloats()) {
            if (!(scale > 0) || Float.isInfinite(scale)) {
                throw new IOException("a scale of layer " + layer() + " is " + scale);
            }
            if (scale == smallest) {
                smallScale.set(true);
            }
        }
    }
}
