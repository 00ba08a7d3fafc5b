package dev.hadron.quantizer;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observer;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the elements of tensors by the numbers that their codes stand for, on the calling thread. Safe for use by several threads.
 */
public final class FakeQuantizer {
    private final QuantizationSpec spec;
    private final @Nullable QuantizationParameters fixed;
    private final WorkingType workingType;

    private FakeQuantizer(QuantizationSpec spec, @Nullable QuantizationParameters fixed, WorkingType workingType) {
        this.spec = spec;
        this.fixed = fixed;
        this.workingType = workingType;
    }

    /** With scales that were found before. */
    public static FakeQuantizer withParameters(
            QuantizationSpec spec, QuantizationParameters parameters, WorkingType workingType) {
        return new FakeQuantizer(spec, parameters, workingType);
    }

    /** With scales that each tensor finds for itself. */
    public static FakeQuantizer dynamic(QuantizationSpec spec, WorkingType workingType) {
        return new FakeQuantizer(spec, null, workingType);
    }

    /**
     * Replaces the elements in place.
     *
     * @param x float32
     */
    public void apply(Tensor x) {
        if (spec.format() instanceof HalfFormat half) {
            cast(half.type(), x);
            return;
        }
        RunView view = RunView.of(x.shape(), Observers.granularity(spec, x.shape()));
        if (view.isContiguous()) {
            apply(x.data(), view, x);
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment runs = arena.allocate(x.data().byteSize(), Float.BYTES);
            view.gather(x.data(), runs, Float.BYTES);
            apply(runs, view, x);
            view.scatter(runs, x.data(), Float.BYTES);
        }
    }

    private void cast(WorkingType half, Tensor x) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment units = arena.allocate(x.elements() * Short.BYTES, Short.BYTES);
            Kernels.best().narrow(x.data(), 0, half, units, 0, x.elements());
            Kernels.best().widen(units, half.storage(), 0, x.data(), 0, x.elements());
        }
    }

    private void apply(MemorySegment runs, RunView view, Tensor x) {
        if (fixed != null) {
            apply(runs, view, fixed);
        } else if (isSearched()) {
            Observer observer = Observers.of(spec, workingType);
            observer.observe(x);
            apply(runs, view, observer.parameters());
        } else {
            applyDynamic(runs, view);
        }
    }

    /** Whether the scale is more than a function of the range. */
    private boolean isSearched() {
        ObserverType observer = spec.observerCls();
        return observer != null && observer.isSearch();
    }

    private void applyDynamic(MemorySegment x, RunView view) {
        Kernels kernels = Kernels.best();
        Range tensor = Observers.dependsOnTensor(spec.format())
                ? kernels.range(x, 0, x.byteSize() / Float.BYTES)
                : Range.EMPTY;
        ScaleFormula formula = Observers.formula(spec, workingType, tensor);
        long perRow = view.runsPerRow();
        long bad = -1;
        if (!view.hasShortRuns()) {
            bad = kernels.fakeQuantizeRuns(formula, x, 0, view.runs(), view.length());
        }
        for (long run = 0; view.hasShortRuns() && run < view.runs() && bad < 0; run += perRow) {
            bad = kernels.fakeQuantizeRuns(formula, x, view.start(run), perRow - 1, view.length());
            long last = run + perRow - 1;
            bad = bad < 0 ? kernels.fakeQuantizeRuns(formula, x, view.start(last), 1, view.length(last)) : bad;
        }
        if (bad >= 0) {
            throw new InvalidInputException("NaN or infinity among the values to quantize");
        }
    }

    private void apply(MemorySegment x, RunView view, QuantizationParameters parameters) {
        ScaleFormula formula = Observers.rangeScale(spec, workingType);
        Kernels kernels = Kernels.best();
        for (int run = 0; run < view.runs(); run++) {
            ElementQuantizer quantizer =
                    formula.quantizer(parameters.scale()[run], parameters.zeroPoint()[run]);
            long start = view.start(run);
            kernels.fakeQuantize(quantizer, x, start, x, start, view.length(run));
        }
    }
}
