package dev.hadron.cli;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.StorageType;
import dev.hadron.pipeline.CopiedTensor;
import dev.hadron.pipeline.FoldedPlan;
import dev.hadron.pipeline.FoldedPlan.Row;
import dev.hadron.pipeline.PlanReport;
import dev.hadron.pipeline.PlannedLayer;
import dev.hadron.pipeline.SchemeText;
import dev.hadron.plan.FoldedName;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.TensorRole;
import dev.hadron.tensor.Shape;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan for people. */
final class PlanText {
    private final PrintWriter out;
    private final PlanReport report;

    PlanText(PrintWriter out, PlanReport report) {
        this.out = out;
        this.report = report;
    }

    void print(FoldedPlan rows) {
        out.println("quantized");
        rows.layers().forEach(this::printLayer);
        printCopied(
                "kept",
                rows.copied().stream().filter(row -> row.first().isLayer()).toList());
        keptWithoutTensor().forEach((layer, reason) -> out.println("  " + layer + ": " + reason));
        printCopied(
                "copied besides",
                rows.copied().stream().filter(row -> !row.first().isLayer()).toList());
        if (!report.plan().warnings().isEmpty()) {
            out.println("warnings");
            report.plan().warnings().forEach(warning -> out.println("  " + warning));
        }
        out.println();
        Output.table(out, totals());
    }

    private void printLayer(Row<PlannedLayer> row) {
        LayerPlan plan = row.first().plan();
        out.println("  "
                + title(row.name(), row.first().storage(), plan.weightView().shape()) + "  "
                + sizes(
                        row.name().names() * row.first().bytesBefore(),
                        row.name().names() * row.first().bytesAfter()));
        String bits = row.first().bitsPerWeight().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ", %.3f bits per weight",
                        row.first().bitsPerWeight().getAsDouble())
                : "";
        printTensor(plan, TensorRole.WEIGHT, plan.weight(), bits);
        printTensor(plan, TensorRole.INPUT, plan.input(), "");
        printTensor(plan, TensorRole.OUTPUT, plan.output(), "");
    }

    /** A tensor that stays floating point is told of where a part of the configuration said so. */
    private void printTensor(LayerPlan plan, TensorRole role, Optional<QuantizationSpec> spec, String more) {
        String rule = plan.rules().get(role);
        if (rule != null) {
            String cache = rule.startsWith("kv_cache_quant_config") ? " (KV cache)" : "";
            out.println("      " + role.wireName() + cache + " "
                    + spec.map(SchemeText::of).orElse("not quantized") + ", by " + rule + more);
        }
    }

    private void printCopied(String heading, List<Row<CopiedTensor>> rows) {
        if (!rows.isEmpty()) {
            out.println(heading);
        }
        for (Row<CopiedTensor> row : rows) {
            CopiedTensor first = row.first();
            out.println("  "
                    + title(row.name(), first.tensor().type(), first.tensor().shape()) + "  "
                    + Format.bytes(row.name().names() * first.tensor().byteSize()) + ": " + first.reason());
        }
    }

    private static String title(FoldedName name, StorageType type, Shape shape) {
        return name.pattern() + "  " + (name.names() == 1 ? "" : name.names() + " x ") + type + " " + shape;
    }

    private static String sizes(long before, long after) {
        return String.format(Locale.ROOT, "%s -> %s", Format.bytes(before), Format.bytes(after));
    }

    /** A tied output matrix, which is another's tensor. */
    private Map<String, String> keptWithoutTensor() {
        var layers = report.plan().model().layers().stream()
                .map(layer -> layer.name())
                .collect(Collectors.toSet());
        Map<String, String> kept = new TreeMap<>(report.plan().kept());
        kept.keySet().removeAll(layers);
        return kept;
    }

    private Map<String, String> totals() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("layout", report.plan().layout().wireName());
        rows.put(
                "layers",
                report.layers().size() + " quantized, " + report.plan().kept().size() + " kept");
        rows.put(
                "size",
                sizes(report.bytesBefore(), report.bytesAfter())
                        + String.format(
                                Locale.ROOT,
                                " (%.1f %%)",
                                100.0 * report.bytesAfter() / Math.max(1, report.bytesBefore())));
        rows.put("copied as it is", Format.bytes(report.bytesCopied()));
        if (report.bitsPerWeight() > 0) {
            rows.put(
                    "bits per weight",
                    String.format(Locale.ROOT, "%.3f in quantized layers, scales included", report.bitsPerWeight()));
        }
        List<String> algorithms = Algorithms.names(report.plan().config());
        if (!algorithms.isEmpty()) {
            rows.put("algorithms", String.join(", then ", algorithms));
        }
        rows.put("calibration", report.needsData() ? "needed (--calibration)" : "not needed");
        rows.put("peak memory", "about " + Format.bytes(report.estimate().peakMemory()) + " (an estimate)");
        rows.put("time", "about " + Format.duration(Math.ceil(report.estimate().seconds())) + " (an estimate)");
        return rows;
    }
}
