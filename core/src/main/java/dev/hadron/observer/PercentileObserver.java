package dev.hadron.observer;

import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.tensor.Tensor;

/**
 * The range within which 99.99999999 percent of the non-zero values lie, to the width of a bin of 4,200.
 *
 * <p>A symmetric range is found on magnitudes: zero to the lower edge of the bin in which the cumulative share reaches that
 * percentage. An asymmetric one goes from the lowest edge to the edge of the first bin that isn't empty; this is what the
 * Python tool computes, so use it for values that are all negative, and another observer for the rest.
 */
final class PercentileObserver extends WholeTensorObserver {
    private static final int BINS = 4200;
    private static final int MAX_BINS = 1 << 20;
    private static final double PERCENT = 99.99999999;

    private final boolean symmetric;
    private final GrowingHistogram histogram;

    PercentileObserver(RangeScale formula) {
        super(formula);
        this.symmetric = formula.symmetric();
        this.histogram = new GrowingHistogram(BINS, MAX_BINS, symmetric, true);
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
        if (histogram.isEmpty()) {
            return new Range(0f, 0f);
        }
        float[] share = cumulativeShare();
        if (symmetric) {
            float reached = Math.min((float) (PERCENT / 100), share[share.length - 1]);
            return new Range(0f, histogram.edge(firstAtLeast(share, reached)));
        }
        float tail = (float) ((100 - PERCENT) / 200);
        return new Range(histogram.edge(0), histogram.edge(firstAtLeast(share, tail)));
    }

    private float[] cumulativeShare() {
        double total = 0;
        for (int i = 0; i < histogram.bins(); i++) {
            total += histogram.count(i);
        }
        float[] share = new float[histogram.bins()];
        double sum = 0;
        for (int i = 0; i < share.length; i++) {
            sum += histogram.count(i) / (float) total;
            share[i] = (float) sum;
        }
        return share;
    }

    private static int firstAtLeast(float[] ascending, float value) {
        int i = 0;
        while (ascending[i] < value) {
            i++;
        }
        return i;
    }
}
