package dev.hadron.cli;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.ConfigException;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.model.tokenizer.Tokenizer;
import dev.hadron.pipeline.Evaluator;
import dev.hadron.pipeline.QuantizationJob;
import dev.hadron.report.Perplexity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hadron evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the perplexity of a checkpoint, floating point or quantized.",
            "A quantized one is run as it will be served: weights decoded from their packed form, activations and cache quantized."
        },
        footer = {
            "",
            "Examples:",
            "  hadron evaluate examples/quill-4m --text examples/text/evaluation.txt",
            "  hadron evaluate /tmp/quill-uint4 --text examples/text/evaluation.txt --tokens 8192 --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A checkpoint folder.")
    private Path model;

    @Option(names = "--text", required = true, paramLabel = "FILE", description = "A UTF-8 text.")
    private Path text;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tokens a window has (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many tokens of the text to use; 0 for all (default).")
    private int tokens;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads to use (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "Where the model is run (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (threads < 1) {
            throw new ConfigException("--threads is " + threads + "; it must be positive");
        }
        var asked = new QuantizationJob.EvaluationText(text, window, tokens);
        try (JobControl control =
                        new JobControl(threads, new Progress(spec.commandLine().getErr()));
                Checkpoint checkpoint = Checkpoint.open(model)) {
            List<long[]> windows;
            try (Tokenizer tokenizer = Tokenizer.open(model)) {
                windows = Evaluator.windows(asked.text(), tokenizer, asked.window(), asked.tokens());
            }
            try (TensorRuntime runtime = TensorRuntime.load(device)) {
                print(out, new Evaluator(runtime, control.execution()).evaluate(checkpoint, windows, "evaluate"));
            }
        }
        return 0;
    }

    private void print(PrintWriter out, Perplexity perplexity) {
        if (json) {
            Output.json(out, Output.toTree(perplexity));
            return;
        }
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("perplexity", String.format(Locale.ROOT, "%.6f", perplexity.perplexity()));
        rows.put("nll", String.format(Locale.ROOT, "%.6f", perplexity.nll()));
        rows.put("windows", String.valueOf(perplexity.windows()));
        rows.put("predicted tokens", String.valueOf(perplexity.predictedTokens()));
        Output.table(out, rows);
    }
}
