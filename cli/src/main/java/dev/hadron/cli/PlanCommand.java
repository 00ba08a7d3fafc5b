package dev.hadron.cli;

import dev.hadron.pipeline.FoldedPlan;
import dev.hadron.pipeline.PlanReport;
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

/** {@code hadron plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what quantizing a model will do without reading its weights.",
            "The same check stands before every quantization."
        },
        footer = {
            "",
            "Examples:",
            "  hadron plan examples/quill-4m --scheme uint4-g128",
            "  hadron plan models/llama --config my.json --exclude '*.layers.0.*' --json",
            "  hadron plan models/unknown --scheme int8 --linear '*.mixer_embedding' --all"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A checkpoint folder: config.json and safetensors.")
    private Path model;

    @Mixin
    private ConfigOptions what;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many samples the estimate of an algorithm is for (default: 64).")
    private int samples;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tokens each of them has (default: 256).")
    private int length;

    @Option(names = "--all", description = "Show each layer by itself.")
    private boolean all;

    @Option(names = "--json", description = "Print the result as JSON, each layer by itself.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PlanReport report = PlanReport.of(model, what.config(), what.layout(), what.linear(), samples, length);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, PlanJson.of(report));
        } else {
            new PlanText(out, report).print(all ? FoldedPlan.unfolded(report) : FoldedPlan.of(report));
        }
        return 0;
    }
}
