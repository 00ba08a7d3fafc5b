package dev.hadron.quantizer;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.BlockScale;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.MxScale;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
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
import org.jspecify.annotations.Nullable;

/**
 * Quantizes one weight in slices, so that it never needs to be in memory as a whole.
 *
 * <p>First every slice is scanned as often as {@link #passes} says: that finds what depends on the whole weight, such as a scale per tensor.
 * Then slices are quantized, in any order and by any threads; the codes and scales of a slice are the same as in the quantized whole. A slice
 * holds whole runs that share a scale: rows, where scales belong to rows or groups run along the last axis; columns at multiples of the group.
 */
public final class WeightQuantizer {
    /** Elements that a thread works on at a time; even, so that 4-bit codes fill whole bytes. */
    private static final long CHUNK = 1 << 16;

    /** The same for runs, which need no memory beside a tile's: enough for that to be made seldom. */
    private static final long CHUNK_OF_RUNS = 1 << 18;

    private final QuantizationSpec spec;
    private final WorkingType workingType;
    private final String name;
    private final Parallel parallel;
    private final Kernels kernels = Kernels.best();
    private final @Nullable Observer observer;
    private Range range = Range.EMPTY;

    private WeightQuantizer(QuantizationSpec spec, StorageType type, String name, Parallel parallel) {
        this.spec = spec;
        this.workingType = WorkingType.of(type);
        this.name = name;
        this.parallel = parallel;
        this.observer = hasOneScale() && spec.observerCls() != ObserverType.PER_TENSOR_MIN_MAX
                ? Observers.of(spec, workingType)
                : null;
    }

    /**
     * A quantizer for one weight.
     *
     * @param type F32, F16 or BF16
     * @param name what messages call the weight
     * @param parallel who quantizes a slice
     * @throws dev.hadron.error.ConfigException when the specification isn't complete
     */
    public static WeightQuantizer of(QuantizationSpec spec, StorageType type, String name, Parallel parallel) {
        SpecRules.check(spec, "tensor");
        return new WeightQuantizer(spec, type, name, parallel);
    }

    /** How many scales a weight of that shape gets. */
    public static long scales(QuantizationSpec spec, Shape shape) {
        return spec.format() instanceof HalfFormat
                ? 0
                : RunView.of(shape, refined(spec, Observers.granularity(spec, shape)))
                        .scaleShape()
                        .elements();
    }

    /** How often the whole weight is scanned before slices can be quantized: 0, 1, or 2 for observers of a histogram. */
    public int passes() {
        if (observer != null) {
            return 2;
        }
        return hasOneScale() || Observers.dependsOnTensor(spec.format()) ? 1 : 0;
    }

    /**
     * Looks at a slice. Safe for use by several threads, but for all slices of a pass to be done before the next begins.
     *
     * @param pass from 0
     * @throws InvalidInputException when the slice holds NaN or infinity
     */
    public void scan(int pass, Tensor slice) {
        if (observer == null) {
            Range found = rangeOf(slice);
            if (!found.isFinite() && slice.elements() > 0) {
                throw RunQuantizer.notFinite(name);
            }
            synchronized (this) {
                range = range.union(found);
            }
            return;
        }
        try (Arena scratch = Arena.ofShared()) {
            Tensor floats = widened(slice, scratch);
            synchronized (this) {
                if (pass == 0) {
                    observer.foresee(floats);
                } else {
                    observer.observe(floats);
                }
            }
        } catch (InvalidInputException e) {
            throw RunQuantizer.notFinite(name);
        }
    }

    /**
     * The quantized slice.
     *
     * @param arena owns the codes
     * @throws InvalidInputException when the slice holds NaN, infinity or nothing
     * @throws dev.hadron.error.ConfigException when groups don't divide the slice
     */
    public QuantizedTensor quantize(Tensor slice, Arena arena) {
        Shape shape = slice.shape();
        Granularity granularity = Observers.granularity(spec, shape);
        if (slice.elements() == 0) {
            throw new InvalidInputException(
                    name + " of shape " + shape + " has no elements to find a scale for: exclude the layer");
        }
        MemorySegment codes = arena.allocate(QuantizedTensor.codeBytes(spec.format(), slice.elements()), 64);
        if (spec.format() instanceof HalfFormat half) {
            cast(slice, half.type(), codes);
            return assemble(shape, granularity, Shape.of(0), QuantizationParameters.ofRuns(0), codes);
        }
        if (hasOneScale()) {
            QuantizationParameters parameters = ofWhole();
            quantizeRun(slice, parameters, codes);
            return assemble(shape, granularity, Shape.of(), parameters, codes);
        }
        RunView view = RunView.of(shape, granularity);
        RunQuantizer runs = new RunQuantizer(formula(), name);
        QuantizationParameters parameters = QuantizationParameters.ofRuns(runs.scales(view));
        if (runs.isDirect(view)) {
            quantizeRuns(slice, view, runs, parameters, codes);
        } else {
            quantizeScattered(slice, view, runs, parameters, codes);
        }
        Granularity ofScales = refined(spec, granularity);
        return assemble(shape, ofScales, RunView.of(shape, ofScales).scaleShape(), parameters, codes);
    }

    /** Scales that a file can hold. */
    private ScaleFormula formula() {
        return switch (Observers.formula(spec, workingType, range)) {
            case MxScale mx -> mx.stored();
            case BfpScale bfp -> bfp.stored();
            case RangeScale ranges -> ranges;
            case Nvfp4Scale nvfp4 -> nvfp4;
            case PairScale pairs -> pairs;
        };
    }

    private boolean hasOneScale() {
        return switch (spec.format()) {
            case IntFormat unused -> isPerTensor();
            case FloatFormat unused -> isPerTensor();
            case HalfFormat unused -> false;
            case BlockFormat unused -> false;
        };
    }

    private boolean isPerTensor() {
        return spec.qscheme() == QSchemeType.PER_TENSOR;
    }

    private synchronized QuantizationParameters ofWhole() {
        if (observer != null) {
            return observer.parameters();
        }
        return QuantizationParameters.of(Observers.rangeScale(spec, workingType).parameters(range));
    }

    /** The elements that share a scale in the end, where a block's scale is refined. */
    private static Granularity refined(QuantizationSpec spec, Granularity granularity) {
        boolean inPairs =
                spec.format() instanceof BlockFormat block && block.scale() == BlockScale.EXPONENT_AND_PAIR_BITS;
        if (inPairs && granularity instanceof Granularity.PerGroup(int axis, long unusedSize)) {
            return new Granularity.PerGroup(axis, PairScale.PAIR);
        }
        return granularity;
    }

    private Range rangeOf(Tensor x) {
        Range[] found = {Range.EMPTY};
        parallel.forRanges(x.elements(), CHUNK, (from, to) -> {
            Range part = kernels.range(x.data(), x.type(), from, to - from);
            synchronized (found) {
                found[0] = found[0].union(part);
            }
        });
        return found[0];
    }

    private void cast(Tensor x, WorkingType type, MemorySegment codes) {
        if (x.type() == type.storage()) {
            MemorySegment.copy(x.data(), 0, codes, 0, codes.byteSize());
            return;
        }
        parallel.forRanges(x.elements(), CHUNK, (from, to) -> {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment floats = scratch.allocate(CHUNK * Float.BYTES, 64);
                for (long at = from; at < to; at += CHUNK) {
                    long count = Math.min(CHUNK, to - at);
                    kernels.widen(x.data(), x.type(), at, floats, 0, count);
                    kernels.narrow(floats, 0, type, codes, at, count);
                }
            }
        });
    }

    private void quantizeRun(Tensor x, QuantizationParameters parameters, MemorySegment codes) {
        var quantizer = Observers.rangeScale(spec, workingType)
                .quantizer(parameters.scale()[0], parameters.zeroPoint()[0]);
        boolean nibbles = spec.format().bits() == 4;
        parallel.forRanges(x.elements(), CHUNK, (from, to) -> {
            if (!nibbles) {
                kernels.quantize(quantizer, x.data(), x.type(), from, codes, from, to - from);
                return;
            }
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment bytes = scratch.allocate(CHUNK, 64);
                for (long at = from; at < to; at += CHUNK) {
                    long count = Math.min(CHUNK, to - at);
                    kernels.quantize(quantizer, x.data(), x.type(), at, bytes, 0, count);
                    kernels.packNibbles(bytes, 0, codes, at, count);
                }
            }
        });
    }

    private void quantizeRuns(
            Tensor x, RunView view, RunQuantizer runs, QuantizationParameters parameters, MemorySegment codes) {
        long atLeast = view.hasShortRuns() ? view.runsPerRow() : 1;
        long grain = Math.ceilDiv(Math.max(1, CHUNK_OF_RUNS / Math.max(1, view.length())), atLeast) * atLeast;
        parallel.forRanges(view.runs(), grain, (from, to) -> runs.quantize(x, view, from, to, codes, parameters));
    }

    /** Runs that lie apart, or 4-bit runs of an odd length: one code a byte first, then in order and packed. */
    private void quantizeScattered(
            Tensor x, RunView view, RunQuantizer runs, QuantizationParameters parameters, MemorySegment codes) {
        try (Arena scratch = Arena.ofShared()) {
            MemorySegment floats = scratch.allocate(x.elements() * Float.BYTES, 64);
            view.gather(widened(x, scratch).data(), floats, Float.BYTES);
            MemorySegment gathered = scratch.allocate(x.elements(), 64);
            runs.quantizeGathered(floats, view, gathered, parameters);
            if (spec.format().bits() == 4) {
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
            MemorySegment codes) {
        Optional<Tensor> zeroPoint = spec.format() instanceof IntFormat
                ? Optional.of(zeroPoints(parameters.zeroPoint(), scaleShape))
                : Optional.empty();
        Optional<Tensor> tensorScale = Observers.dependsOnTensor(spec.format())
                ? Optional.of(Tensor.ofFloats(
                        new float[] {Nvfp4Scale.ofTensor(range, workingType).tensorScale()}))
                : Optional.empty();
        Tensor scale = Tensor.ofFloats(parameters.scale(), scaleShape.toArray());
        return new QuantizedTensor(
                spec.format(), shape, granularity, codes, scale, zeroPoint, tensorScale, workingType);
    }

    private Tensor zeroPoints(float[] values, Shape shape) {
        if (Observers.rangeScale(spec, workingType).hasFloatZeroPoint()) {
            return Tensor.ofFloats(values, shape.toArray());
        }
        int[] whole = new int[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) values[i];
        }
        return Tensor.ofInts(whole, shape.toArray());
    }
}
