package dev.hadron.report;

import java.util.List;

/**
 * What quantization did to a model's outputs. All figures are over the same positions of a text: in each window, all but the last, whose
 * next token isn't in it.
 *
 * @param base how well the base predicts the text
 * @param quantized how well the quantized model does
 * @param divergence of the quantized model's predictions from the base's
 * @param agreement the share of positions where both predict the same token
 * @param layers each decoder layer, in the order in which they run
 * @param worstWindows the windows whose predictions are the farthest apart, the worst first; none that are equal
 */
public record ComparisonReport(
        Perplexity base,
        Perplexity quantized,
        Divergence divergence,
        double agreement,
        List<LayerDifference> layers,
        List<WindowDifference> worstWindows) {
    /** Copies the lists. */
    public ComparisonReport {
        layers = List.copyOf(layers);
        worstWindows = List.copyOf(worstWindows);
    }
}
