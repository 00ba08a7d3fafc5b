package dev.hadron.report;

import java.util.Arrays;
import java.util.Optional;

/**
 * The Kullback-Leibler divergence {@code D(base || quantized)} of next-token distributions, in nats, over the positions of a text.
 *
 * @param mean of all positions
 * @param median of all positions
 * @param percentile99 what 99 % of the positions don't exceed
 * @param largest of all positions
 * @param largestAt the token after which it is that large; empty where it is 0
 */
public record Divergence(
        double mean, double median, double percentile99, double largest, Optional<TokenPlace> largestAt) {
    private static final double MEDIAN = 0.5;
    private static final double PERCENTILE_99 = 0.99;

    /**
     * Of the values at each position; quantiles are interpolated between the two nearest.
     *
     * @param values at least one
     */
    public static Divergence of(double[] values, Optional<TokenPlace> largestAt) {
        double mean = Arrays.stream(values).sum() / values.length;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Divergence(
                mean, quantile(sorted, MEDIAN), quantile(sorted, PERCENTILE_99), sorted[sorted.length - 1], largestAt);
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
