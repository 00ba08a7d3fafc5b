package dev.hadron.report;

import java.util.Arrays;
import java.util.List;

/**
 * How well a model predicts a text.
 *
 * <p>The text is tokenized once without special tokens and cut into consecutive windows; in each window every token but the first
 * is predicted from those before it.
 *
 * @param nll the mean negative log likelihood of the predicted tokens
 * @param windows how many windows
 * @param predictedTokens how many tokens were predicted
 */
public record Perplexity(double nll, int windows, long predictedTokens) {
    /**
     * Of the losses of windows.
     *
     * @param losses the summed negative log likelihood of each window's predicted tokens
     * @param windows their tokens
     */
    public static Perplexity of(double[] losses, List<long[]> windows) {
        long predicted =
                windows.stream().mapToLong(window -> window.length - 1L).sum();
        return new Perplexity(Arrays.stream(losses).sum() / predicted, losses.length, predicted);
    }

    /** {@code exp(nll)}. */
    public double perplexity() {
        return Math.exp(nll);
    }
}
