package dev.hadron.cli;

import dev.hadron.report.Perplexity;
import dev.hadron.report.QuantizationReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results on standard output: a table for people, JSON for programs. */
final class Output {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Output() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void json(PrintWriter out, ObjectNode node) {
        out.println(MAPPER.writeValueAsString(node));
        out.flush();
    }

    static void table(PrintWriter out, Map<String, String> rows) {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        rows.forEach((name, value) -> out.printf(Locale.ROOT, "%-" + width + "s  %s%n", name, value));
        out.flush();
    }

    static ObjectNode toTree(Perplexity perplexity) {
        // JSON has no infinity, which a very bad model comes to.
        double value = perplexity.perplexity();
        return object().put("perplexity", Double.isFinite(value) ? value : null)
                .put("nll", perplexity.nll())
                .put("windows", perplexity.windows())
                .put("predicted_tokens", perplexity.predictedTokens());
    }

    static ObjectNode toTree(QuantizationReport report) {
        ObjectNode node = object().put("output", report.output().toString())
                .put("layers", report.layers())
                .put("layers_kept", report.layersKept())
                .put("bytes_before", report.bytesBefore())
                .put("bytes_after", report.bytesAfter())
                .put("bits_per_weight", report.bitsPerWeight());
        report.perplexityBefore().ifPresent(p -> node.set("before", toTree(p)));
        report.perplexityAfter().ifPresent(p -> node.set("after", toTree(p)));
        ObjectNode stages = node.putObject("seconds");
        report.stages().forEach(stage -> stages.put(stage.stage(), stage.seconds()));
        node.put("peak_memory_bytes", report.peakMemoryBytes());
        QualityOutput.addTo(node, report);
        report.notes().forEach(node.putArray("notes")::add);
        return node;
    }

    static Map<String, String> toRows(QuantizationReport report) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("output", report.output().toString());
        rows.put("layers", report.layers() + " quantized, " + report.layersKept() + " kept");
        rows.put(
                "size",
                String.format(
                        Locale.ROOT,
                        "%s -> %s (%.1f %%)",
                        Format.bytes(report.bytesBefore()),
                        Format.bytes(report.bytesAfter()),
                        100.0 * report.bytesAfter() / Math.max(1, report.bytesBefore())));
        if (report.bitsPerWeight() > 0) {
            rows.put(
                    "bits per weight",
                    String.format(Locale.ROOT, "%.3f in quantized layers, scales included", report.bitsPerWeight()));
        }
        if (report.perplexityBefore().isPresent() && report.perplexityAfter().isPresent()) {
            rows.put(
                    "perplexity",
                    perplexity(
                            report.perplexityBefore().get(),
                            report.perplexityAfter().get()));
        }
        report.stages()
                .forEach(stage -> rows.put(stage.stage(), String.format(Locale.ROOT, "%.2f s", stage.seconds())));
        rows.put("peak memory", Format.bytes(report.peakMemoryBytes()));
        return rows;
    }

    static String perplexity(Perplexity before, Perplexity after) {
        return String.format(
                Locale.ROOT,
                "%.4f -> %.4f (%+.2f %%) over %,d predicted tokens",
                before.perplexity(),
                after.perplexity(),
                100 * (after.perplexity() / before.perplexity() - 1),
                after.predictedTokens());
    }
}
