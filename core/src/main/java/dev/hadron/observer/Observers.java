package dev.hadron.observer;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import java.util.Objects;

/** From a specification to what computes it. */
public final class Observers {
    private Observers() {}

    /** The observer that a complete specification asks for. */
    public static Observer of(QuantizationSpec spec, WorkingType workingType) {
        SpecRules.check(spec, "tensor");
        ObserverType type = Objects.requireNonNull(spec.observerCls());
        ScaleFormula formula = formula(spec, workingType);
        return switch (type) {
            case PER_TENSOR_MIN_MAX, PER_CHANNEL_MIN_MAX, PER_GROUP_MIN_MAX ->
                new MinMaxObserver(shape -> granularity(spec, shape), formula);
            case PER_TENSOR_HISTOGRAM -> new HistogramObserver(formula);
            case PER_TENSOR_HISTOGRAM_PRO -> new HistogramProObserver(formula);
            case PER_TENSOR_MSE -> new MseObserver(formula);
            case PER_TENSOR_PERCENTILE -> new PercentileObserver(formula);
            case PER_BLOCK_MX, PER_BLOCK_BFP, PLACEHOLDER, TQT -> throw new IllegalStateException("not yet");
        };
    }

    /** How a range becomes a scale under a complete specification. Floating-point types are symmetric and nearest even. */
    public static ScaleFormula formula(QuantizationSpec spec, WorkingType workingType) {
        return new ScaleFormula(
                spec.dtype().format(),
                Objects.requireNonNullElse(spec.symmetric(), true),
                Objects.requireNonNullElse(spec.scaleType(), ScaleType.FLOAT),
                Objects.requireNonNullElse(spec.roundMethod(), RoundType.HALF_EVEN),
                workingType);
    }

    /**
     * Which elements of a tensor of this shape share a scale.
     *
     * @throws ConfigException when the tensor has no such axis, or the group doesn't divide it
     */
    public static Granularity granularity(QuantizationSpec spec, Shape shape) {
        QSchemeType scheme = Objects.requireNonNull(spec.qscheme());
        return switch (scheme) {
            case PER_TENSOR -> new Granularity.PerTensor();
            case PER_CHANNEL -> new Granularity.PerChannel(axis(spec, shape));
            case PER_GROUP -> {
                int axis = axis(spec, shape);
                long extent = shape.extent(axis);
                int asked = Objects.requireNonNull(spec.groupSize());
                long size = asked == -1 ? Math.max(extent, 1) : asked;
                if (extent % size != 0) {
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
