package dev.hadron.cli;

import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.pipeline.QuantizationJob;
import dev.hadron.pipeline.Scheme;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hadron self-test}. */
@Command(
        name = "self-test",
        mixinStandardHelpOptions = true,
        description = {
            "Checks an installation.",
            "Quantizes a small random model in a temporary folder and reads it back.",
            "Runs no model, needs no network and leaves nothing."
        },
        footer = {"", "Examples:", "  hadron self-test"})
@SuppressWarnings("NullAway.Init") // picocli sets the field before it calls call()
final class SelfTestCommand implements Callable<Integer> {
    private record Case(Scheme scheme, ExportLayout layout) {}

    private static final List<Case> CASES = List.of(
            new Case(Scheme.UINT4_G128, ExportLayout.QUARK),
            new Case(Scheme.UINT4_G128, ExportLayout.HADRON),
            new Case(Scheme.INT8, ExportLayout.QUARK),
            new Case(Scheme.FP8_WEIGHT, ExportLayout.QUARK),
            new Case(Scheme.MXFP4, ExportLayout.QUARK));

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Only to 4-bit integers.")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("hadron-self-test");
        try {
            Path model = SampleModel.write(folder.resolve("model"));
            Map<String, String> rows = new LinkedHashMap<>();
            rows.put("hadron quantize", commandLine(model, folder.resolve("quantized")));
            for (Case one : quick ? List.<Case>of() : CASES) {
                Path output = folder.resolve("quantized-" + rows.size());
                QuantizationReport report = QuantizationJob.builder(
                                model, output, one.scheme().config())
                        .layout(one.layout())
                        .execution(Execution.quiet())
                        .build()
                        .run();
                rows.put(
                        one.scheme().wireName() + ", " + one.layout().wireName(),
                        String.format(
                                Locale.ROOT,
                                "%d layers, %.3f bits per weight: read back as written",
                                report.layers(),
                                report.bitsPerWeight()));
            }
            Output.table(out, rows);
        } finally {
            delete(folder);
        }
        return 0;
    }

    /** The start-up archive is made while this runs: it holds what a command loads, too. */
    private static String commandLine(Path model, Path output) throws IOException {
        StringWriter said = new StringWriter();
        String[] words = {"quantize", model.toString(), "-o", output.toString(), "-s", Scheme.UINT4_G128.wireName()};
        int code = Main.commandLine(words)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(words);
        if (code != 0) {
            throw new IOException("hadron quantize ended with exit code " + code + ": " + said);
        }
        return "read back as written";
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
