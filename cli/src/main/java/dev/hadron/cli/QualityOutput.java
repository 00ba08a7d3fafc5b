package dev.hadron.cli;

import dev.hadron.quantizer.ErrorStatistics;
import dev.hadron.report.LayerQuality;
import dev.hadron.report.QuantizationReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What quantizing did to the weights: the worst layers for people, all of them for programs. */
final class QualityOutput {
    private static final int WORST = 10;

    private QualityOutput() {}

    static void print(PrintWriter out, QuantizationReport report) {
        List<LayerQuality> worst = report.worst(WORST);
        if (worst.isEmpty()) {
            return;
        }
        int width =
                worst.stream().mapToInt(layer -> layer.layer().length()).max().orElse(0);
        out.println();
        out.printf(
                Locale.ROOT,
                "%-" + width + "s  %-8s %8s  %13s  %8s  %8s%n",
                worst.size() < report.qualities().size() ? "worst layers" : "layers, worst first",
                "type",
                "SNR",
                "largest error",
                "clipped",
                "zero");
        for (LayerQuality layer : worst) {
            ErrorStatistics statistics = layer.statistics();
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %-8s %5.2f dB  %13.4g  %6.3f %%  %6.2f %%%n",
                    layer.layer(),
                    layer.dtype(),
                    statistics.signalToNoise(),
                    statistics.largestError(),
                    100 * statistics.clippedShare(),
                    100 * statistics.zeroShare());
        }
        out.flush();
    }

    static void addTo(ObjectNode node, QuantizationReport report) {
        ArrayNode layers = node.putArray("weights");
        for (LayerQuality layer : report.qualities()) {
            ErrorStatistics statistics = layer.statistics();
            double ratio = statistics.signalToNoise();
            layers.addObject()
                    .put("layer", layer.layer())
                    .put("dtype", layer.dtype())
                    // JSON has no infinity; and the last digits depend on the order in which threads come.
                    .put("snr_db", Double.isFinite(ratio) ? Math.rint(ratio * 1e6) / 1e6 : null)
                    .put("largest_error", statistics.largestError())
                    .put("clipped_share", statistics.clippedShare())
                    .put("zero_share", statistics.zeroShare())
                    .put("vanished_groups", statistics.vanished())
                    .put("dead_channels", statistics.deadChannels());
        }
        report.worst(WORST).stream().map(LayerQuality::layer).forEach(node.putArray("worst_weights")::add);
    }
}
