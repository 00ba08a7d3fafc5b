package dev.hadron.observer;

import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;

/**
 * The range that loses the least information: entropy calibration after Migacz, "8-bit Inference with TensorRT", GTC 2017.
 * The Python tool collects a histogram under this name and then stores scale 1; here a range is computed from it.
 *
 * <p>2,048 bins of equal width lie on each side of zero. They double their width when values pass the last one. For a limit
 * {@code t} of a whole number of bins, at least as many as the type has levels on one side:
 *
 * <ul>
 *   <li>{@code P} is the histogram between {@code −t} and {@code t}, what lies beyond added to the outermost bins;
 *   <li>{@code Q} is the histogram between {@code −t} and {@code t}, in which bins whose middles share a code also share their
 *       counts evenly, empty bins excepted;
 *   <li>{@code D(t) = Σ p ln(p / q)} of both, each divided by its sum; infinite where only {@code q} is zero.
 * </ul>
 *
 * <p>The range is {@code max(min, −t)..min(max, t)} of the smallest {@code D}, of equal ones the largest {@code t}. Zeros
 * aren't counted: every type holds them exactly, and their spike would outweigh the rest.
 */
final class HistogramObserver extends WholeTensorObserver {
    private static final int SIDE = 2048;
    private static final int CODES = 256;

    private final RangeScale formula;
    private long[] counts = new long[2 * SIDE];
    private double limit;

    HistogramObserver(RangeScale formula) {
        super(formula);
        this.formula = formula;
    }

    @Override
    void add(Tensor batch, Range range) {
        if (limit == 0) {
            limit = range.union(foreseen()).absoluteMax();
        }
        while (limit < range.absoluteMax()) {
            doubleWidth();
        }
        for (long i = 0; i < batch.elements(); i++) {
            float value = batch.floatAt(i);
            if (value != 0f) {
                int bin = (int) Math.min(Math.abs(value) / width(), SIDE - 1);
                counts[value > 0f ? SIDE + bin : SIDE - 1 - bin]++;
            }
        }
    }

    @Override
    Range choose(Range seen) {
        Range best = seen;
        double smallest = Double.POSITIVE_INFINITY;
        int bins = 1 << (formula.format().bits() - 1);
        while (bins <= SIDE) {
            Range candidate = clip(seen, (float) (bins * width()));
            double divergence = divergence(bins, candidate);
            if (divergence <= smallest) {
                smallest = divergence;
                best = candidate;
            }
            if (candidate.equals(seen)) {
                break;
            }
            bins++;
        }
        return best;
    }

    private static Range clip(Range seen, float limit) {
        float lowest = Math.max(seen.min(), -limit);
        float highest = Math.min(seen.max(), limit);
        return new Range(lowest, highest);
    }

    private double divergence(int bins, Range candidate) {
        int from = SIDE - bins;
        int to = SIDE + bins;
        int[] codes = codes(from, to, candidate);
        long[] shared = new long[CODES];
        int[] sharers = new int[CODES];
        long inside = 0;
        for (int i = from; i < to; i++) {
            inside += counts[i];
            if (counts[i] > 0) {
                shared[codes[i - from]] += counts[i];
                sharers[codes[i - from]]++;
            }
        }
        long below = sum(0, from);
        long above = sum(to, 2 * SIDE);
        double total = inside + below + above;
        double divergence = 0;
        for (int i = from; i < to; i++) {
            long count = counts[i] + (i == from ? below : 0) + (i == to - 1 ? above : 0);
            if (count > 0 && counts[i] == 0) {
                return Double.POSITIVE_INFINITY;
            }
            if (count > 0) {
                int code = codes[i - from];
                double p = count / total;
                double q = (double) shared[code] / sharers[code] / inside;
                // StrictMath: the same range on every machine.
                divergence += p * StrictMath.log(p / q);
            }
        }
        return divergence;
    }

    private int[] codes(int from, int to, Range candidate) {
        ScaleFormula.Parameters parameters = formula.parameters(candidate);
        ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
        int[] codes = new int[to - from];
        for (int i = from; i < to; i++) {
            float middle = (float) ((i - SIDE + 0.5) * width());
            codes[i - from] = Byte.toUnsignedInt(quantizer.encode(middle));
        }
        return codes;
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += counts[i];
        }
        return sum;
    }

    private void doubleWidth() {
        long[] wider = new long[2 * SIDE];
        for (int i = 0; i < SIDE; i++) {
            wider[SIDE + i / 2] += counts[SIDE + i];
            wider[SIDE - 1 - i / 2] += counts[SIDE - 1 - i];
        }
        counts = wider;
        limit *= 2;
    }

    private double width() {
        return limit / SIDE;
    }
}
