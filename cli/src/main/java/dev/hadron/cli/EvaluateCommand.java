package dev.hadron.cli;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.execution.Execution;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.model.tokenizer.Tokenizer;
import dev.hadron.pipeline.Evaluator;
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
import picocli.CommandLine.Mixin;
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
            "  hadron evaluate quill-uint4 --text my.txt --tokens 8192 --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A checkpoint folder.")
    private Path model;

    @Option(names = "--text", required = true, paramLabel = "FILE", description = "A UTF-8 text.")
    private Path text;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        try (JobControl control =
                new JobControl(options.threads(), spec.commandLine().getErr())) {
            control.run(this::evaluate);
        }
        return 0;
    }

    private void evaluate(Execution execution) throws IOException {
        var asked = options.evaluation(text);
        TensorRuntime.requireKnown(options.device());
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            List<long[]> windows;
            try (Tokenizer tokenizer = Tokenizer.open(model)) {
                windows = Evaluator.windows(asked.text(), tokenizer, asked.window(), asked.tokens());
            }
            execution.cancellation().check();
            try (TensorRuntime runtime = TensorRuntime.load(options.device())) {
                Perplexity perplexity = new Evaluator(runtime, execution).evaluate(checkpoint, windows, "evaluate");
                print(spec.commandLine().getOut(), perplexity);
            }
        }
    }

    private void print(PrintWriter out, Perplexity perplexity) {
        if (options.json()) {
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
