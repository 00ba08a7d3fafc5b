package dev.hadron.quantizer;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
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
        QuantizationParameters parameters = fixed != null ? fixed : observed(x);
        RunView view = RunView.of(x.shape(), Observers.granularity(spec, x.shape()));
        if (view.isContiguous()) {
            apply(x.data(), view, parameters);
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment runs = arena.allocate(x.data().byteSize(), Float.BYTES);
            view.gather(x.data(), runs, Float.BYTES);
            apply(runs, view, parameters);
            view.scatter(runs, x.data(), Float.BYTES);
        }
    }

    private QuantizationParameters observed(Tensor x) {
        Observer observer = Observers.of(spec, workingType);
        observer.observe(x);
        return observer.parameters();
    }

    private void apply(MemorySegment x, RunView view, QuantizationParameters parameters) {
        ScaleFormula formula = Observers.formula(spec, workingType);
        Kernels kernels = Kernels.best();
        long length = view.length();
        for (int run = 0; run < view.runs(); run++) {
            ElementQuantizer quantizer =
                    formula.quantizer(parameters.scale()[run], parameters.zeroPoint()[run]);
            long start = run * length;
            kernels.fakeQuantize(quantizer, x, start, x, start, length);
        }
    }
}
