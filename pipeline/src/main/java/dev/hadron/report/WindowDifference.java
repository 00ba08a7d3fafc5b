package dev.hadron.report;

/**
 * How far the predictions of two models are apart in a window of a text.
 *
 * @param window which one, from 0
 * @param firstToken where in the text's tokens it begins, from 0
 * @param divergence the mean of {@code D(base || quantized)} over its positions, in nats
 * @param agreement the share of its positions where both models predict the same token
 * @param base how well the base predicts it
 * @param quantized how well the other does
 * @param text its first words
 */
public record WindowDifference(
        int window,
        long firstToken,
        double divergence,
        double agreement,
        Perplexity base,
        Perplexity quantized,
        String text) {}
