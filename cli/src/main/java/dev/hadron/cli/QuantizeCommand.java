package dev.hadron.cli;

import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.error.ConfigException;
import dev.hadron.export.ExportLayout;
import dev.hadron.pipeline.QuantizationJob;
import dev.hadron.pipeline.Scheme;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hadron quantize}. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = {
            "Quantizes a model and writes a checkpoint.",
            "The result appears under its name only when it was written, read back and found right."
        },
        footer = {
            "",
            "Examples:",
            "  hadron quantize examples/quill-4m --scheme uint4-g128 --output /tmp/quill-uint4",
            "  hadron quantize examples/quill-4m --scheme fp8-kv8 --output /tmp/quill-fp8 \\",
            "      --calibration examples/text/calibration.txt --evaluation examples/text/evaluation.txt",
            "  hadron quantize models/llama --config my.json --exclude '*.layers.0.*' --output models/llama-q"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A checkpoint folder: config.json, safetensors, tokenizer.json.")
    private Path model;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "The folder to make.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            defaultValue = "quark",
            description = "How tensors are named and packed (default: ${DEFAULT-VALUE}).")
    private String layout;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Layers that stay as they are, such as '*.down_proj'; may be given several times.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--calibration",
            paramLabel = "TEXT",
            description = "A text that is like what the model will see; needed for static activations.")
    private @Nullable Path calibration;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many windows to calibrate with (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tokens a calibration window has (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(names = "--shuffle", description = "Sample calibration windows instead of taking the first.")
    private boolean shuffle;

    @Option(
            names = "--evaluation",
            paramLabel = "TEXT",
            description = "A text to measure perplexity with, before and after.")
    private @Nullable Path evaluation;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tokens an evaluation window has (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many tokens of the evaluation text to use; 0 for all (default).")
    private int tokens;

    @Option(names = "--overwrite", description = "Replace a folder that is there already.")
    private boolean overwrite;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of --shuffle (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads to use (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "Where the model is run (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    /** A preset, or a file. */
    @SuppressWarnings("NullAway.Init") // one of the two is set
    private static final class What {
        @Option(
                names = {"-s", "--scheme"},
                paramLabel = "NAME",
                description = "A preset; hadron schemes lists them.")
        private @Nullable String scheme;

        @Option(names = "--config", paramLabel = "FILE.json", description = "A configuration as JSON.")
        private @Nullable Path config;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (threads < 1) {
            throw new ConfigException("--threads is " + threads + "; it must be positive");
        }
        try (JobControl control = new JobControl(threads, new Progress(err))) {
            QuantizationReport report = QuantizationJob.builder(model, output, config())
                    .layout(ExportLayout.named(layout))
                    .overwrite(overwrite)
                    .seed(seed)
                    .device(device)
                    .calibration(
                            calibration == null
                                    ? null
                                    : new QuantizationJob.Calibration(calibration, samples, length, shuffle))
                    .evaluation(
                            evaluation == null ? null : new QuantizationJob.EvaluationText(evaluation, window, tokens))
                    .execution(control.execution())
                    .build()
                    .run();
            report.notes().forEach(note -> err.println("note: " + note));
            err.flush();
            if (json) {
                Output.json(out, Output.toTree(report));
            } else {
                Output.table(out, Output.toRows(report));
            }
        }
        return 0;
    }

    private Config config() throws IOException {
        Config config = what.config != null
                ? ConfigJson.read(what.config)
                : Scheme.named(String.valueOf(what.scheme)).config();
        return exclude.isEmpty() ? config : config.toBuilder().exclude(exclude).build();
    }
}
