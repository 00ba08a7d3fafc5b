package dev.hadron.cli;

import dev.hadron.execution.Execution;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.Calibration;
import dev.hadron.pipeline.EvaluationText;
import dev.hadron.pipeline.QuantizationJob;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  hadron quantize examples/quill-4m --scheme uint4-g128 --output quill-uint4",
            "  hadron quantize examples/quill-4m --scheme fp8-kv8 --output quill-fp8 \\",
            "      --calibration examples/text/calibration.txt \\",
            "      --evaluation examples/text/evaluation.txt",
            "  hadron quantize examples/quill-4m --scheme uint4-g128 --algorithm gptq \\",
            "      --calibration examples/text/calibration.txt --output quill-gptq",
            "  hadron quantize models/chat --scheme fp8 --output models/chat-fp8 \\",
            "      --calibration conversations.jsonl --samples 256 --length 1024 --shuffle",
            "  hadron quantize models/llama --config my.json --exclude '*.layers.0.*' \\",
            "      --output models/llama-q"
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

    @Mixin
    private ConfigOptions what;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = {
                "What the model will see, in samples; needed for static activations.",
                "  .jsonl, .ndjson: an object a line with text, or messages (through the model's chat template), or input_ids (and"
                        + " attention_mask)",
                "  .safetensors: the tensors input_ids and, if padded, attention_mask, [samples, length]",
                "  else: UTF-8 text, which is cut into windows"
            })
    private @Nullable Path calibration;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many samples to calibrate with (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "256",
            description = {
                "How many tokens a window of text has, and the most of any other sample (default: ${DEFAULT-VALUE})."
            })
    private int length;

    @Option(names = "--shuffle", description = "Draw calibration samples; else the first are taken.")
    private boolean shuffle;

    @Option(
            names = "--evaluation",
            paramLabel = "TEXT",
            description = "A text to measure perplexity with, before and after.")
    private @Nullable Path evaluation;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Where an algorithm keeps its state until it is done (default: OUTPUT.work).")
    private @Nullable Path workFolder;

    @Option(
            names = "--resume",
            description = "Go on with a run of an algorithm that was stopped; begins it if there is none.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace a folder that is there already.")
    private boolean overwrite;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            defaultValue = "5GB",
            converter = ByteSize.class,
            description = {
                "How large a file of weights may become: 5GB, 500MB, 2GiB (default: ${DEFAULT-VALUE}).",
                "A larger tensor has a file of its own."
            })
    private long maxShardBytes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of --shuffle and of random rotations (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        try (JobControl control =
                new JobControl(options.threads(), spec.commandLine().getErr())) {
            control.run(this::quantize);
        }
        return 0;
    }

    private void quantize(Execution execution) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!options.device().equals(RunOptions.USUAL_DEVICE)) {
            TensorRuntime.requireKnown(options.device());
        }
        Consumer<String> notes = note -> {
            err.println("note: " + note);
            err.flush();
        };
        QuantizationReport report = QuantizationJob.builder(model, output, what.config())
                .layout(what.layout())
                .linear(what.linear())
                .maxShardBytes(maxShardBytes)
                .overwrite(overwrite)
                .seed(seed)
                .device(options.device())
                .calibration(calibration())
                .evaluation(evaluation())
                .workFolder(workFolder)
                .resume(resume)
                .execution(execution)
                .noteListener(notes)
                .build()
                .run();
        if (options.json()) {
            Output.json(out, Output.toTree(report));
        } else {
            Output.table(out, Output.toRows(report));
            QualityOutput.print(out, report);
            if (report.perplexityAfter().isPresent()) {
                out.println();
                out.println("hadron compare tells what this did to the outputs, layer by layer and window by window");
                out.flush();
            }
        }
    }

    /** The counts are checked with or without a text: a wrong one is a mistake either way. */
    private @Nullable Calibration calibration() {
        var asked = new Calibration(text(calibration), samples, length, shuffle);
        return calibration == null ? null : asked;
    }

    private @Nullable EvaluationText evaluation() {
        var asked = options.evaluation(text(evaluation));
        return evaluation == null ? null : asked;
    }

    private static Path text(@Nullable Path given) {
        return given == null ? Path.of("") : given;
    }
}
