package dev.hadron.report;

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
    /** {@code exp(nll)}. */
    public double perplexity() {
        return Math.exp(nll);
    }
}
