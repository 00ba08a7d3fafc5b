package dev.hadron.observer;

import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * The range from zero to the bin centre that quantizes the histogram's bin centres with the smallest squared error, weighted
 * by their counts.
 *
 * <p>The first 2,048 bins cover the first batch. Candidates are the 2,046th and all later bins, so values that grow from
 * batch to batch give more of them. Centres that aren't positive bound no range from zero; where all are such, the range is
 * that of the values.
 */
final class MseObserver extends WholeTensorObserver {
    private static final int BINS = 2048;
    private static final int MAX_BINS = 1 << 15;
    private static final int FIRST_CANDIDATE = 2045;

    private final RangeScale searchFormula;
    private final GrowingHistogram histogram;

    MseObserver(RangeScale formula) {
        super(formula);
        this.searchFormula = new RangeScale(
                formula.format(), formula.symmetric(), formula.scaleType(), formula.rounding(), WorkingType.FLOAT32);
        this.histogram = new GrowingHistogram(BINS, MAX_BINS, formula.symmetric(), false);
    }

    @Override
    public void foresee(Tensor batch) {
        super.foresee(batch);
        histogram.foresee(batch);
    }

    @Override
    void add(Tensor batch, Range range) {
        histogram.add(batch);
    }

    @Override
    Range choose(Range seen) {
        int[] filled = IntStream.range(0, histogram.bins())
                .filter(bin -> histogram.count(bin) > 0)
                .toArray();
        Range best = seen;
        float smallest = Float.POSITIVE_INFINITY;
        for (int bin = FIRST_CANDIDATE; bin < histogram.bins(); bin++) {
            Range candidate = new Range(0f, histogram.center(bin));
            if (candidate.max() > 0f) {
                float error = meanSquaredError(candidate, filled);
                if (error < smallest) {
                    smallest = error;
                    best = candidate;
                }
            }
        }
        return best;
    }

    private float meanSquaredError(Range candidate, int[] filled) {
        ScaleFormula.Parameters parameters = searchFormula.parameters(candidate);
        ElementQuantizer quantizer = searchFormula.quantizer(parameters.scale(), parameters.zeroPoint());
        double sum = 0;
        for (int bin : filled) {
            float center = histogram.center(bin);
            float difference = quantizer.fakeQuantize(center) - center;
            sum += difference * difference * histogram.count(bin);
        }
        return (float) (sum / histogram.bins());
    }
}
