package dev.hadron.observer;

import dev.hadron.numerics.Range;
import dev.hadron.tensor.Tensor;
import java.util.Arrays;

/**
 * Float32 counts of values in bins of equal width. Values outside the bins add whole bins, so that old counts stay where they
 * are; a limit on their number merges neighbours.
 *
 * <p>Edges and counts are those of the Python tool's histograms, whose way with a range that grows downwards is kept too:
 * bins are added below, but old counts move to the lowest bins.
 */
final class GrowingHistogram {
    private final int initialBins;
    private final int maxBins;
    private final boolean magnitudes;
    private final boolean skipZeros;
    /** Whole numbers, which are exact however many batches they come in. */
    private double[] counts = {};

    private float[] edges = {};
    private Range foreseen = Range.EMPTY;

    /**
     * An empty histogram.
     *
     * @param initialBins how many bins the first values get
     * @param maxBins neighbouring bins are merged before there are more
     * @param magnitudes whether values are counted without their sign, from zero on
     * @param skipZeros whether zeros aren't counted
     */
    GrowingHistogram(int initialBins, int maxBins, boolean magnitudes, boolean skipZeros) {
        this.initialBins = initialBins;
        this.maxBins = maxBins;
        this.magnitudes = magnitudes;
        this.skipZeros = skipZeros;
    }

    /** Announces a batch: the first bins will cover all that were announced. */
    void foresee(Tensor batch) {
        foreseen = foreseen.union(range(batch));
    }

    /** Counts the values of a batch. */
    void add(Tensor batch) {
        Range range = range(batch);
        if (range.equals(Range.EMPTY)) {
            return;
        }
        if (isEmpty()) {
            start(range.union(foreseen));
        } else if (range.min() < edges[0] || range.max() > lastEdge()) {
            cover(range);
        }
        long[] found = new long[counts.length];
        float low = edges[0];
        float high = lastEdge();
        for (long i = 0; i < batch.elements(); i++) {
            float value = value(batch, i);
            if (counted(value)) {
                found[TorchSpacing.bin(value, found.length, low, high)]++;
            }
        }
        for (int i = 0; i < found.length; i++) {
            counts[i] += found[i];
        }
    }

    /** Whether nothing was counted. */
    boolean isEmpty() {
        return counts.length == 0;
    }

    /** How many bins. */
    int bins() {
        return counts.length;
    }

    /** How many values a bin holds. */
    float count(int bin) {
        return (float) counts[bin];
    }

    /** The lower edge of a bin. */
    float edge(int bin) {
        return edges[Math.min(bin, edges.length - 1)];
    }

    /** The middle of a bin. */
    float center(int bin) {
        return (edge(bin + 1) + edge(bin)) / 2f;
    }

    private Range range(Tensor batch) {
        float min = magnitudes ? 0f : Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (long i = 0; i < batch.elements(); i++) {
            float value = value(batch, i);
            if (counted(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return max == Float.NEGATIVE_INFINITY ? Range.EMPTY : new Range(min, max);
    }

    private float value(Tensor batch, long index) {
        float value = batch.floatAt(index);
        return magnitudes ? Math.abs(value) : value;
    }

    private boolean counted(float value) {
        return !skipZeros || value != 0f;
    }

    private void start(Range range) {
        counts = new double[initialBins];
        edges = TorchSpacing.linspace(range.min(), range.max(), initialBins + 1);
    }

    private void cover(Range range) {
        if (width() == 0f) {
            startAgain(range);
            return;
        }
        while (binsToCover(range) > maxBins) {
            mergePairs();
        }
        int bins = counts.length;
        if (range.min() < edges[0]) {
            double width = width();
            bins += (int) Math.ceil((edges[0] - range.min()) / width());
            edges = TorchSpacing.arange(range.min() - width, lastEdge(), width);
        }
        if (range.max() > lastEdge()) {
            double width = width();
            bins += (int) Math.ceil((range.max() - lastEdge()) / width());
            edges = TorchSpacing.arange(edges[0], range.max() + width, width);
        }
        counts = Arrays.copyOf(counts, bins);
    }

    /** Bins without a width, of values that are all equal, can't be added to. */
    private void startAgain(Range range) {
        double[] oldCounts = counts;
        float[] oldEdges = edges;
        start(new Range(Math.min(range.min(), oldEdges[0]), Math.max(range.max(), oldEdges[oldEdges.length - 1])));
        for (int i = 0; i < oldCounts.length; i++) {
            counts[TorchSpacing.bin(oldEdges[i], initialBins, edges[0], lastEdge())] += oldCounts[i];
        }
    }

    private double binsToCover(Range range) {
        double below = Math.max(0, (double) edges[0] - range.min());
        double above = Math.max(0, (double) range.max() - lastEdge());
        return counts.length + Math.ceil(below / width()) + Math.ceil(above / width());
    }

    private void mergePairs() {
        int bins = (counts.length + 1) / 2;
        double[] merged = new double[bins];
        for (int i = 0; i < counts.length; i++) {
            merged[i / 2] += counts[i];
        }
        double width = 2.0 * width();
        float[] mergedEdges = new float[bins + 1];
        for (int i = 0; i <= bins; i++) {
            mergedEdges[i] = 2 * i < edges.length ? edges[2 * i] : (float) (mergedEdges[i - 1] + width);
        }
        counts = merged;
        edges = mergedEdges;
    }

    private float width() {
        return edges[1] - edges[0];
    }

    private float lastEdge() {
        return edges[edges.length - 1];
    }
}
