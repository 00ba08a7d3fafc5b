package dev.hadron.observer;

import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;

/** Finds one range for all values, narrower perhaps than the one that they span. */
abstract class WholeTensorObserver implements Observer {
    private final RangeScale formula;
    private Range seen = Range.EMPTY;
    private Range foreseen = Range.EMPTY;

    WholeTensorObserver(RangeScale formula) {
        this.formula = formula;
    }

    @Override
    public void foresee(Tensor batch) {
        foreseen = foreseen.union(Kernels.best().range(batch.data(), 0, batch.elements()));
    }

    /** The range of the batches announced. */
    final Range foreseen() {
        return foreseen;
    }

    @Override
    public final void observe(Tensor batch) {
        if (batch.elements() == 0) {
            return;
        }
        Range range = Kernels.best().range(batch.data(), 0, batch.elements());
        if (!range.isFinite()) {
            throw new InvalidInputException("NaN or infinity among the observed values");
        }
        seen = seen.union(range);
        add(batch, range);
    }

    @Override
    public final QuantizationParameters parameters() {
        if (seen.equals(Range.EMPTY)) {
            throw new IllegalStateException("nothing was observed");
        }
        Range chosen = choose(seen);
        // Float32 can't hold the width of a bin where values come near its largest: then nothing is narrowed.
        return QuantizationParameters.of(parameters(formula, chosen.isFinite() ? chosen : seen));
    }

    /** Adds finite values, one at least, that span {@code range}. */
    abstract void add(Tensor batch, Range range);

    /** The range to quantize, given the range of all values seen. */
    abstract Range choose(Range seen);

    /** The scale and zero point of the range chosen. */
    ScaleFormula.Parameters parameters(RangeScale formula, Range range) {
        return formula.parameters(range);
    }
}
