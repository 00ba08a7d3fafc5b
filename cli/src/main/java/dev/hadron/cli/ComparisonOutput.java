package dev.hadron.cli;

import dev.hadron.report.ComparisonReport;
import dev.hadron.report.Divergence;
import dev.hadron.report.LayerDifference;
import dev.hadron.report.TokenPlace;
import dev.hadron.report.WindowDifference;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What quantization did to outputs: layers and windows first, then the figures of the whole. */
final class ComparisonOutput {
    private static final int PERCENT = 100;
    private static final int LAST_WORDS = 24;
    private static final int FIRST_WORDS = 60;
    private static final String INFINITE = "equal";

    private ComparisonOutput() {}

    static void print(PrintWriter out, ComparisonReport report) {
        printLayers(out, report);
        printWindows(out, report);
        Output.table(out, rows(report));
    }

    private static void printLayers(PrintWriter out, ComparisonReport report) {
        int width = report.layers().stream()
                .mapToInt(layer -> layer.layer().length())
                .max()
                .orElse(0);
        String row = "%-" + width + "s  %10s  %10s  %11s  %6s  %s%n";
        out.printf(Locale.ROOT, row, "layer", "stream", "added", "worst token", "window", "at the end of");
        for (LayerDifference layer : report.layers()) {
            out.printf(
                    Locale.ROOT,
                    row,
                    layer.layer(),
                    decibels(layer.stream().decibels()),
                    decibels(layer.added().decibels()),
                    decibels(layer.worstToken().decibels()),
                    layer.worstAt().map(at -> String.valueOf(at.window())).orElse("-"),
                    layer.worstAt().map(ComparisonOutput::lastWords).orElse("-"));
        }
        out.println();
    }

    private static void printWindows(PrintWriter out, ComparisonReport report) {
        if (report.worstWindows().isEmpty()) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-13s  %9s  %9s  %19s  %s%n",
                "worst windows",
                "KL",
                "agreement",
                "perplexity",
                "begins with");
        for (WindowDifference window : report.worstWindows()) {
            out.printf(
                    Locale.ROOT,
                    "%13d  %9.5f  %7.2f %%  %8.2f -> %7.2f  %s%n",
                    window.window(),
                    window.divergence(),
                    PERCENT * window.agreement(),
                    window.base().perplexity(),
                    window.quantized().perplexity(),
                    firstWords(window.text()));
        }
        out.println();
    }

    private static Map<String, String> rows(ComparisonReport report) {
        Divergence divergence = report.divergence();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("perplexity", Output.perplexity(report.base(), report.quantized()));
        rows.put(
                "KL divergence",
                String.format(
                        Locale.ROOT,
                        "mean %.6f, median %.6f, 99 %% below %.6f nats",
                        divergence.mean(),
                        divergence.median(),
                        divergence.percentile99()));
        rows.put(
                "largest",
                String.format(Locale.ROOT, "%.6f nats", divergence.largest())
                        + divergence
                                .largestAt()
                                .map(at -> ", in window " + at.window() + " after \"" + lastWords(at) + "\"")
                                .orElse(""));
        rows.put("top-1 agreement", String.format(Locale.ROOT, "%.3f %%", PERCENT * report.agreement()));
        return rows;
    }

    private static String decibels(double value) {
        return value == Double.POSITIVE_INFINITY ? INFINITE : String.format(Locale.ROOT, "%.2f dB", value);
    }

    private static String lastWords(TokenPlace at) {
        String words = onOneLine(at.text());
        int length = words.codePointCount(0, words.length());
        return words.substring(words.offsetByCodePoints(0, Math.max(0, length - LAST_WORDS)));
    }

    private static String firstWords(String text) {
        String words = onOneLine(text);
        int length = words.codePointCount(0, words.length());
        return words.substring(0, words.offsetByCodePoints(0, Math.min(length, FIRST_WORDS)));
    }

    private static String onOneLine(String text) {
        return Format.onOneLine(text.replaceAll("\\s+", " "));
    }

    static ObjectNode toTree(ComparisonReport report) {
        ObjectNode node = Output.object();
        node.set("base", Output.toTree(report.base()));
        node.set("quantized", Output.toTree(report.quantized()));
        Divergence divergence = report.divergence();
        ObjectNode kl = node.putObject("kl");
        kl.put("mean", finite(divergence.mean()))
                .put("median", finite(divergence.median()))
                .put("p99", finite(divergence.percentile99()))
                .put("largest", finite(divergence.largest()));
        place(kl, "largest_at", divergence.largestAt());
        node.put("top1_agreement", report.agreement());
        ArrayNode layers = node.putArray("layers");
        for (LayerDifference layer : report.layers()) {
            ObjectNode row = layers.addObject()
                    .put("layer", layer.layer())
                    .put("snr_db", finite(layer.stream().decibels()))
                    .put("added_snr_db", finite(layer.added().decibels()))
                    .put("worst_token_snr_db", finite(layer.worstToken().decibels()));
            place(row, "worst_token_at", layer.worstAt());
        }
        ArrayNode windows = node.putArray("worst_windows");
        for (WindowDifference window : report.worstWindows()) {
            windows.addObject()
                    .put("window", window.window())
                    .put("first_token", window.firstToken())
                    .put("mean_kl", finite(window.divergence()))
                    .put("top1_agreement", window.agreement())
                    .put("perplexity_base", finite(window.base().perplexity()))
                    .put("perplexity_quantized", finite(window.quantized().perplexity()))
                    .put("text", window.text());
        }
        return node;
    }

    private static void place(ObjectNode node, String key, Optional<TokenPlace> at) {
        if (at.isEmpty()) {
            node.putNull(key);
            return;
        }
        node.putObject(key)
                .put("window", at.get().window())
                .put("position", at.get().position())
                .put("text", at.get().text());
    }

    /** JSON has no infinity. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
