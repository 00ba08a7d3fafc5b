package dev.hadron.quantizer;

import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observer;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Quantizes tensors by one specification.
 *
 * <p>The working type is that of the tensor handed in (F32, BF16 or F16); the codes are those that a checkpoint holds (see
 * {@link dev.hadron.numerics.ElementQuantizer#storedCode}).
 */
public final class TensorQuantizer {
    /** Elements that a thread widens and quantizes at a time: a float32 copy of them stays in its cache. */
    private static final long CHUNK = 1 << 16;

    private final QuantizationSpec spec;
    private final Parallel parallel;
    private final Kernels kernels = Kernels.best();

    private TensorQuantizer(QuantizationSpec spec, Parallel parallel) {
        this.spec = spec;
        this.parallel = parallel;
    }

    /**
     * A quantizer on the calling thread.
     *
     * @throws dev.hadron.error.ConfigException when the specification isn't complete
     */
    public static TensorQuantizer of(DataTypeSpec spec) {
        return of(spec.toQuantizationSpec(), Parallel.sequential());
    }

    /**
     * A quantizer.
     *
     * @throws dev.hadron.error.ConfigException when the specification isn't complete
     */
    public static TensorQuantizer of(QuantizationSpec spec, Parallel parallel) {
        SpecRules.check(spec, "tensor");
        return new TensorQuantizer(spec, parallel);
    }

    /** {@link #quantize(Tensor, String, Arena)} into memory that lives as long as it is reachable. */
    public QuantizedTensor quantize(Tensor x) {
        return quantize(x, "the tensor", Arena.ofAuto());
    }

    /**
     * Finds scales and zero points and quantizes.
     *
     * @param x F32, F16 or BF16
     * @param name what messages call the tensor
     * @param arena owns the codes
     * @throws InvalidInputException when the tensor holds NaN, infinity or nothing
     * @throws dev.hadron.error.ConfigException when groups don't divide the tensor
     */
    public QuantizedTensor quantize(Tensor x, String name, Arena arena) {
        WorkingType workingType = WorkingType.of(x.type());
        Granularity granularity = Observers.granularity(spec, x.shape());
        if (x.elements() == 0) {
            throw new InvalidInputException(
                    name + " of shape " + x.shape() + " has no elements to find a scale for: exclude the layer");
        }
        RunView view = RunView.of(x.shape(), granularity);
        MemorySegment codes = arena.allocate(QuantizedTensor.codeBytes(spec.dtype(), x.elements()), 64);
        QuantizationParameters parameters;
        if (view.runs() == 1) {
            parameters = observeWhole(x, name, workingType);
            quantizeRun(x, formula(workingType), parameters, codes);
        } else if (view.isContiguous() && (!isNibbles() || view.length() % 2 == 0)) {
            parameters = QuantizationParameters.ofRuns(view.runs());
            quantizeRuns(x, name, view, formula(workingType), parameters, codes);
        } else {
            parameters = QuantizationParameters.ofRuns(view.runs());
            quantizeScattered(x, name, view, formula(workingType), parameters, codes);
        }
        return assemble(x.shape(), granularity, view.scaleShape(), parameters, workingType, codes);
    }

    private ScaleFormula formula(WorkingType workingType) {
        return Observers.formula(spec, workingType);
    }

    private boolean isNibbles() {
        return spec.dtype().bits() == 4;
    }

    /** Observers of a histogram see the whole tensor at once; a range is found chunk by chunk. */
    private QuantizationParameters observeWhole(Tensor x, String name, WorkingType workingType) {
        if (spec.observerCls() != ObserverType.PER_TENSOR_MIN_MAX) {
            try (Arena scratch = Arena.ofShared()) {
                Observer observer = Observers.of(spec, workingType);
                observer.observe(widened(x, scratch));
                return observer.parameters();
            } catch (InvalidInputException e) {
                throw notFinite(name);
            }
        }
        return QuantizationParameters.of(formula(workingType).parameters(WeightRange.of(x, name, parallel)));
    }

    private void quantizeRun(Tensor x, ScaleFormula formula, QuantizationParameters parameters, MemorySegment codes) {
        var quantizer = formula.quantizer(parameters.scale()[0], parameters.zeroPoint()[0]);
        parallel.forRanges(x.elements(), CHUNK, (from, to) -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment floats = scratch.allocate(CHUNK * Float.BYTES, 64);
                MemorySegment bytes = scratch.allocate(isNibbles() ? CHUNK : 0, 64);
                for (long at = from; at < to; at += CHUNK) {
                    long count = Math.min(CHUNK, to - at);
                    kernels.widen(x.data(), x.type(), at, floats, 0, count);
                    if (isNibbles()) {
                        kernels.quantize(quantizer, floats, 0, bytes, 0, count);
                        kernels.packNibbles(bytes, 0, codes, at, count);
                    } else {
                        kernels.quantize(quantizer, floats, 0, codes, at, count);
                    }
                }
            }
        });
    }

    private void quantizeRuns(
            Tensor x,
            String name,
            RunView view,
            ScaleFormula formula,
            QuantizationParameters parameters,
            MemorySegment codes) {
        long length = view.length();
        long runsAtOnce = Math.max(1, CHUNK / Math.max(1, length));
        parallel.forRanges(view.runs(), runsAtOnce, (from, to) -> {
            try (Arena scratch = Arena.ofConfined()) {
                boolean direct = x.type() == StorageType.F32;
                MemorySegment floats = direct ? x.data() : scratch.allocate(runsAtOnce * length * Float.BYTES, 64);
                for (long run = from; run < to; run += runsAtOnce) {
                    long runs = Math.min(runsAtOnce, to - run);
                    if (!direct) {
                        kernels.widen(x.data(), x.type(), run * length, floats, 0, runs * length);
                    }
                    long bad = kernels.quantizeRuns(
                            formula,
                            floats,
                            direct ? run * length : 0,
                            runs,
                            length,
                            codes,
                            run * length,
                            parameters.scale(),
                            parameters.zeroPoint(),
                            Math.toIntExact(run));
                    if (bad >= 0) {
                        throw notFinite(name);
                    }
                }
            }
        });
    }

    /** Runs that lie apart, or 4-bit runs of an odd length: one code a byte first, then in order and packed. */
    private void quantizeScattered(
            Tensor x,
            String name,
            RunView view,
            ScaleFormula formula,
            QuantizationParameters parameters,
            MemorySegment codes) {
        try (Arena scratch = Arena.ofShared()) {
            MemorySegment floats = scratch.allocate(x.elements() * Float.BYTES, 64);
            view.gather(widened(x, scratch).data(), floats, Float.BYTES);
            MemorySegment gathered = scratch.allocate(x.elements(), 64);
            long length = view.length();
            for (int run = 0; run < view.runs(); run++) {
                var range = kernels.range(floats, run * length, length);
                if (!range.isFinite()) {
                    throw notFinite(name);
                }
                var one = formula.parameters(range);
                parameters.scale()[run] = one.scale();
                parameters.zeroPoint()[run] = one.zeroPoint();
                kernels.quantize(
                        formula.quantizer(one.scale(), one.zeroPoint()),
                        floats,
                        run * length,
                        gathered,
                        run * length,
                        length);
            }
            if (isNibbles()) {
                MemorySegment ordered = scratch.allocate(x.elements(), 64);
                view.scatter(gathered, ordered, 1);
                kernels.packNibbles(ordered, 0, codes, 0, x.elements());
            } else {
                view.scatter(gathered, codes, 1);
            }
        }
    }

    private Tensor widened(Tensor x, Arena arena) {
        if (x.type() == StorageType.F32) {
            return x;
        }
        Tensor floats = Tensor.allocate(arena, StorageType.F32, x.shape());
        parallel.forRanges(
                x.elements(),
                CHUNK,
                (from, to) -> kernels.widen(x.data(), x.type(), from, floats.data(), from, to - from));
        return floats;
    }

    private QuantizedTensor assemble(
            Shape shape,
            Granularity granularity,
            Shape scaleShape,
            QuantizationParameters parameters,
            WorkingType workingType,
            MemorySegment codes) {
        Dtype dtype = spec.dtype();
        Optional<Tensor> zeroPoint = switch (dtype.format()) {
            case IntFormat unused -> Optional.of(Tensor.ofInts(parameters.zeroPoint(), scaleShape.toArray()));
            case FloatFormat unused -> Optional.empty();
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        };
        Tensor scale = Tensor.ofFloats(parameters.scale(), scaleShape.toArray());
        return new QuantizedTensor(dtype, shape, granularity, codes, scale, zeroPoint, workingType);
    }

    static InvalidInputException notFinite(String name) {
        return new InvalidInputException(
                name
                        + " holds NaN or infinity; quantization needs finite numbers: repair the checkpoint or exclude the layer");
    }
}
