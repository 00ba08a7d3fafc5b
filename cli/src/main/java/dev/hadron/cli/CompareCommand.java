package dev.hadron.cli;

import dev.hadron.execution.Execution;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.Comparison;
import dev.hadron.report.ComparisonReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hadron compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what quantization did to a model's outputs.",
            "Both models read the same text: how far apart are their predictions, where in the text, and from which layer on?"
        },
        footer = {
            "",
            "Examples:",
            "  hadron compare examples/quill-4m quill-uint4 \\",
            "      --text examples/text/evaluation.txt",
            "  hadron compare quill-int8 quill-uint4 --text my.txt --tokens 8192 --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description = "A checkpoint folder to compare with: the model as it was.")
    private Path base;

    @Parameters(
            index = "1",
            paramLabel = "QUANTIZED",
            description = "A checkpoint folder of the same model, quantized in any layout, or not.")
    private Path quantized;

    @Option(names = "--text", required = true, paramLabel = "FILE", description = "A UTF-8 text.")
    private Path text;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        try (JobControl control =
                new JobControl(options.threads(), spec.commandLine().getErr())) {
            control.run(this::compare);
        }
        return 0;
    }

    private void compare(Execution execution) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        var asked = options.evaluation(text);
        TensorRuntime.requireKnown(options.device());
        ComparisonReport report = Comparison.of(base, quantized, asked, options.device(), execution);
        if (options.json()) {
            Output.json(out, ComparisonOutput.toTree(report));
        } else {
            ComparisonOutput.print(out, report);
        }
    }
}
