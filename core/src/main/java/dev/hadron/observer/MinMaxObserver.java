package dev.hadron.observer;

import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Function;

/** Running minimum and maximum of each run. */
final class MinMaxObserver implements Observer {
    private final Function<Shape, Granularity> granularity;
    private final RangeScale formula;
    private Range[] ranges = {};

    MinMaxObserver(Function<Shape, Granularity> granularity, RangeScale formula) {
        this.granularity = granularity;
        this.formula = formula;
    }

    @Override
    public void observe(Tensor batch) {
        RunView view = RunView.of(batch.shape(), granularity.apply(batch.shape()));
        if (ranges.length == 0) {
            ranges = new Range[view.runs()];
            Arrays.fill(ranges, Range.EMPTY);
        } else if (ranges.length != view.runs()) {
            throw new InvalidInputException("a batch of shape " + batch.shape() + " has " + view.runs()
                    + " scales, but the batches before it had " + ranges.length);
        }
        if (view.isContiguous()) {
            observe(batch.data(), view);
        } else {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment runs = arena.allocate(batch.data().byteSize(), Float.BYTES);
                view.gather(batch.data(), runs, Float.BYTES);
                observe(runs, view);
            }
        }
    }

    @Override
    public QuantizationParameters parameters() {
        if (ranges.length == 0) {
            throw new IllegalStateException("nothing was observed");
        }
        QuantizationParameters all = QuantizationParameters.ofRuns(ranges.length);
        for (int run = 0; run < ranges.length; run++) {
            if (ranges[run].equals(Range.EMPTY)) {
                throw new IllegalStateException("nothing was observed");
            }
            ScaleFormula.Parameters one = formula.parameters(ranges[run]);
            all.scale()[run] = one.scale();
            all.zeroPoint()[run] = one.zeroPoint();
        }
        return all;
    }

    private void observe(MemorySegment x, RunView view) {
        Kernels kernels = Kernels.best();
        for (int run = 0; run < ranges.length; run++) {
            Range range = kernels.range(x, run * view.length(), view.length());
            if (view.length() > 0 && !range.isFinite()) {
                throw new InvalidInputException("NaN or infinity among the observed values");
            }
            ranges[run] = ranges[run].union(range);
        }
    }
}
