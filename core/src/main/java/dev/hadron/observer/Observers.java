package dev.hadron.observer;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.BlockScale;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.MxScale;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import java.util.Objects;

/** From a specification to what computes it. */
public final class Observers {
    private Observers() {}

    /**
     * The observer that a complete specification asks for.
     *
     * @param spec of integers or floating point: other formats find their scales block by block, or have none
     */
    public static Observer of(QuantizationSpec spec, WorkingType workingType) {
        SpecRules.check(spec, "tensor");
        ObserverType type = Objects.requireNonNull(spec.observerCls());
        RangeScale formula = rangeScale(spec, workingType);
        return switch (type) {
            case PER_TENSOR_MIN_MAX, PER_CHANNEL_MIN_MAX, PER_GROUP_MIN_MAX ->
                new MinMaxObserver(shape -> granularity(spec, shape), formula);
            case PER_TENSOR_HISTOGRAM -> new HistogramObserver(formula);
            case PER_TENSOR_HISTOGRAM_PRO -> new HistogramProObserver(formula);
            case PER_TENSOR_MSE -> new MseObserver(formula);
            case PER_TENSOR_PERCENTILE -> new PercentileObserver(formula);
            case PER_BLOCK_MX, PER_BLOCK_BFP, PLACEHOLDER, TQT ->
                throw new IllegalArgumentException(type.wireName() + " collects nothing");
        };
    }

    /** Whether scales can be found in calibration, once for all tensors: those of blocks belong to the tensor that passes. */
    public static boolean canBeStatic(NumberFormat format) {
        return switch (format) {
            case IntFormat unused -> true;
            case FloatFormat unused -> true;
            case HalfFormat unused -> false;
            case BlockFormat unused -> false;
        };
    }

    /** Whether a block's scale depends on the range of its whole tensor. */
    public static boolean dependsOnTensor(NumberFormat format) {
        return format instanceof BlockFormat block && block.scale() == BlockScale.E4M3;
    }

    /**
     * How a run becomes its scale under a complete specification. Floating-point types are symmetric and nearest even.
     *
     * @param tensor the range of the whole tensor, for formats whose scales {@link #dependsOnTensor depend} on it
     * @throws IllegalArgumentException for formats without a scale
     */
    public static ScaleFormula formula(QuantizationSpec spec, WorkingType workingType, Range tensor) {
        return switch (spec.format()) {
            case IntFormat unused -> rangeScale(spec, workingType);
            case FloatFormat unused -> rangeScale(spec, workingType);
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no scale");
            case BlockFormat block ->
                switch (block.scale()) {
                    case E8M0 ->
                        new MxScale(
                                block.element(),
                                Objects.requireNonNullElse(spec.scaleCalculationMode(), MxScaleMode.FLOOR),
                                workingType);
                    case E4M3 -> Nvfp4Scale.ofTensor(tensor, workingType);
                    case EXPONENT -> new BfpScale(workingType);
                    case EXPONENT_AND_PAIR_BITS -> new PairScale(block, workingType);
                };
        };
    }

    /** {@link #formula(QuantizationSpec, WorkingType, Range)} of integers and floating point. */
    public static RangeScale rangeScale(QuantizationSpec spec, WorkingType workingType) {
        return new RangeScale(
                spec.format(),
                Objects.requireNonNullElse(spec.symmetric(), true),
                Objects.requireNonNullElse(spec.scaleType(), ScaleType.FLOAT),
                Objects.requireNonNullElse(spec.roundMethod(), RoundType.HALF_EVEN),
                spec.zeroPointType(),
                workingType);
    }

    /**
     * Which elements of a tensor of this shape share a scale; the last block of a block format's axis may be shorter.
     *
     * @throws ConfigException when the tensor has no such axis, or the group doesn't divide it
     */
    public static Granularity granularity(QuantizationSpec spec, Shape shape) {
        QSchemeType scheme = spec.format() instanceof HalfFormat ? QSchemeType.PER_TENSOR : spec.qscheme();
        return switch (Objects.requireNonNull(scheme)) {
            case PER_TENSOR -> new Granularity.PerTensor();
            case PER_CHANNEL -> new Granularity.PerChannel(axis(spec, shape));
            case PER_GROUP -> {
                int axis = axis(spec, shape);
                long extent = shape.extent(axis);
                int asked = Objects.requireNonNull(spec.groupSize());
                long size = asked == -1 ? Math.max(extent, 1) : asked;
                if (extent % size != 0 && !(spec.format() instanceof BlockFormat)) {
                    throw new ConfigException("group_size " + size + " doesn't divide the " + extent
                            + " elements of axis " + axis + " of a tensor of shape " + shape
                            + "; choose a divisor of " + extent + ", or exclude the layer");
                }
                yield new Granularity.PerGroup(axis, size);
            }
        };
    }

    private static int axis(QuantizationSpec spec, Shape shape) {
        int axis = Objects.requireNonNull(spec.chAxis());
        if (axis < -shape.rank() || axis >= shape.rank()) {
            throw new ConfigException("ch_axis " + axis + " isn't an axis of a tensor of shape " + shape
                    + "; it must be from " + -shape.rank() + " to " + (shape.rank() - 1));
        }
        return shape.axis(axis);
    }
}
