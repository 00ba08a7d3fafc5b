package dev.hadron.observer;

import dev.hadron.dtype.IntFormat;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.util.Arrays;

/**
 * A histogram of 256 bins, and a search of the range that has the smallest squared error, see {@link QuantileSearch}.
 *
 * <p>Where a batch widens the range, each old bin is cut into 16 parts of equal count, which go to the new bins that hold
 * their middles. Unsigned 8-bit codes of a symmetric range have the zero point 127.
 */
final class HistogramProObserver extends WholeTensorObserver {
    private static final int BINS = QuantileSearch.BINS;
    private static final int PARTS = 16;
    private static final int UINT8_MIDDLE = 127;

    private double[] counts = {};
    private Range covered = Range.EMPTY;

    HistogramProObserver(RangeScale formula) {
        super(formula);
    }

    @Override
    void add(Tensor batch, Range range) {
        Range wider = covered.union(range).union(foreseen());
        if (counts.length == 0) {
            counts = new double[BINS];
        } else if (wider.min() != covered.min() || wider.max() != covered.max()) {
            counts = spread(wider);
        }
        covered = wider;
        long[] found = new long[BINS];
        for (long i = 0; i < batch.elements(); i++) {
            found[TorchSpacing.bin(batch.floatAt(i), BINS, wider.min(), wider.max())]++;
        }
        for (int i = 0; i < BINS; i++) {
            counts[i] += found[i];
        }
    }

    @Override
    Range choose(Range seen) {
        return new QuantileSearch(rounded(counts), covered).range();
    }

    @Override
    ScaleFormula.Parameters parameters(RangeScale formula, Range range) {
        ScaleFormula.Parameters parameters = formula.parameters(range);
        boolean centered = formula.symmetric() && formula.format().equals(new IntFormat(Byte.SIZE, false));
        return centered ? new ScaleFormula.Parameters(parameters.scale(), UINT8_MIDDLE) : parameters;
    }

    private double[] spread(Range wider) {
        double[] sums = new double[BINS];
        if (covered.min() == covered.max()) {
            for (double count : counts) {
                sums[TorchSpacing.bin(covered.min(), BINS, wider.min(), wider.max())] += count;
            }
        } else {
            float partWidth = (covered.max() - covered.min()) / (BINS * PARTS);
            float[] parts = TorchSpacing.linspace(covered.min(), covered.max(), BINS * PARTS + 1);
            float[] edges = TorchSpacing.linspace(wider.min(), wider.max(), BINS + 1);
            for (int part = 0; part < BINS * PARTS; part++) {
                sums[binOf(parts[part] + 0.5f * partWidth, edges)] += (float) counts[part / PARTS] / PARTS;
            }
        }
        for (int i = 0; i < BINS; i++) {
            sums[i] = (float) sums[i];
        }
        return sums;
    }

    private static float[] rounded(double[] counts) {
        float[] rounded = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            rounded[i] = (float) counts[i];
        }
        return rounded;
    }

    /** The bin whose lower edge is the last that isn't above {@code value}. */
    private static int binOf(float value, float[] edges) {
        int index = Arrays.binarySearch(edges, value);
        int last = index >= 0 ? lastEqual(index, edges) : -index - 2;
        return Math.clamp(last, 0, BINS - 1);
    }

    private static int lastEqual(int index, float[] edges) {
        int last = index;
        while (last + 1 < edges.length && edges[last + 1] == edges[index]) {
            last++;
        }
        return last;
    }
}
