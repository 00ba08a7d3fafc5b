package dev.hadron.observer;

import dev.hadron.numerics.Range;

/**
 * Narrows the range of a histogram from both ends by quantiles of 0.00001, while the squared error of quantizing it to 256
 * levels falls. Of both ends the one that would jump over more bins moves.
 *
 * <p>The error assumes that values spread evenly over their bin: a bin of density {@code d} that meets a level over the
 * distances {@code b..e} from it has the error {@code d (e³ − b³) / 3}.
 */
final class QuantileSearch {
    /** The bins of a histogram to search, and as many levels. */
    static final int BINS = 256;

    private static final double STEP = 1e-5;

    private final float[] counts;
    private final Range covered;
    private final float binWidth;

    /** A search of {@link #BINS} counts that cover a range. */
    QuantileSearch(float[] counts, Range covered) {
        this.counts = counts;
        this.covered = covered;
        this.binWidth = (covered.max() - covered.min()) / BINS;
    }

    /** The range with the smallest error on the way. */
    Range range() {
        double total = 0;
        float[] cumulative = new float[BINS];
        for (int i = 0; i < BINS; i++) {
            total += counts[i];
            cumulative[i] = (float) total;
        }
        double alpha = 0;
        double beta = 1;
        int start = 0;
        int end = BINS - 1;
        double smallest = Double.POSITIVE_INFINITY;
        while (alpha < beta) {
            double nextAlpha = alpha + STEP;
            double nextBeta = beta - STEP;
            int left = start;
            int right = end;
            while (left < end && cumulative[left] < (float) (nextAlpha * total)) {
                left++;
            }
            while (right > start && cumulative[right] > (float) (nextBeta * total)) {
                right--;
            }
            int nextStart = start;
            int nextEnd = end;
            if (left - start > end - right) {
                nextStart = left;
                alpha = nextAlpha;
            } else {
                nextEnd = right;
                beta = nextBeta;
            }
            if (nextStart == start && nextEnd == end) {
                continue;
            }
            double error = error(nextStart, nextEnd);
            if (error > smallest) {
                break;
            }
            smallest = error;
            start = nextStart;
            end = nextEnd;
        }
        return new Range(covered.min() + binWidth * start, covered.min() + binWidth * (end + 1));
    }

    /** The error of levels over the bins {@code start..end}. */
    private double error(int start, int end) {
        double width = ((double) covered.max() - covered.min()) / BINS;
        double levelWidth = width * (end - start + 1) / BINS;
        if (levelWidth == 0) {
            return 0;
        }
        float step = (float) levelWidth;
        float half = (float) (levelWidth / 2);
        double sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            float density = counts[bin] / (float) width;
            float binStart = (bin - start) * (float) width;
            float binEnd = binStart + (float) width;
            float firstLevel = level(binStart, step);
            float firstCenter = (firstLevel + 0.5f) * step;
            float lastLevel = level(binEnd, step);
            float lastCenter = lastLevel * step + half;
            float error = density * cubes(binStart - firstCenter, half);
            error += (lastLevel - firstLevel - 1f) * (density * cubes(-half, half));
            error += density * cubes(-half, binEnd - lastCenter);
            sum += error;
        }
        return (float) sum;
    }

    private static float cubes(float from, float to) {
        return (to * to * to - from * from * from) / 3f;
    }

    private static float level(float value, float step) {
        return Math.clamp(floorDivide(value, step), 0f, BINS - 1f);
    }

    /** Floor division as PyTorch has it, from the exact remainder. */
    private static float floorDivide(float value, float divisor) {
        float remainder = value % divisor;
        float quotient = (value - remainder) / divisor;
        if (remainder < 0f) {
            quotient -= 1f;
        }
        float floor = (float) Math.floor(quotient);
        return quotient - floor > 0.5f ? floor + 1f : floor;
    }
}
