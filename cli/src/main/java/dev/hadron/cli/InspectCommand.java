package dev.hadron.cli;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.pipeline.Inspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code hadron inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows what a checkpoint holds, without reading its weights.",
        footer = {"", "Examples:", "  hadron inspect examples/quill-4m", "  hadron inspect quill-uint4 --json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A checkpoint folder.")
    private Path model;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Inspection inspection = Inspection.of(model);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, toTree(inspection));
        } else {
            printTensors(out, inspection);
            out.println();
            Output.table(out, toRows(inspection));
        }
        return 0;
    }

    private static void printTensors(PrintWriter out, Inspection inspection) {
        int width = inspection.tensors().stream()
                .mapToInt(tensor -> tensor.name().length())
                .max()
                .orElse(0);
        for (TensorInfo tensor : inspection.tensors()) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %-8s %-16s %s%n",
                    tensor.name(),
                    tensor.type(),
                    tensor.shape(),
                    Format.bytes(tensor.byteSize()));
        }
    }

    private static Map<String, String> toRows(Inspection inspection) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put(
                "architecture",
                inspection.modelType().orElse("not said")
                        + (inspection.canRun() ? "" : " (can't be run; weight-only schemes don't need to)"));
        rows.put("parameters", String.format(Locale.ROOT, "%,d", inspection.parameters()));
        rows.put(
                "tensors",
                inspection.tensors().size() + " in " + inspection.files() + " file(s), "
                        + Format.bytes(inspection.bytes()));
        rows.put(
                "types",
                inspection.byType().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + Format.bytes(entry.getValue()))
                        .collect(Collectors.joining(", ")));
        rows.put("quantization", inspection.quantMethod().orElse("none"));
        inspection.schemes().forEach((scheme, layers) -> rows.put("  " + layers + " layers", scheme));
        rows.put("memory to quantize", Format.bytes(inspection.memory().toQuantize()) + " besides the JVM");
        rows.put("memory to run", Format.bytes(inspection.memory().toRun()) + " besides the JVM and the text");
        return rows;
    }

    private static ObjectNode toTree(Inspection inspection) {
        ObjectNode node = Output.object();
        node.put("model_type", inspection.modelType().orElse(null));
        node.put("can_run", inspection.canRun());
        node.put("parameters", inspection.parameters());
        node.put("bytes", inspection.bytes());
        node.put("files", inspection.files());
        ObjectNode types = node.putObject("bytes_by_type");
        inspection.byType().forEach((type, bytes) -> types.put(type.name(), bytes));
        node.put("quant_method", inspection.quantMethod().orElse(null));
        ObjectNode schemes = node.putObject("layers_by_scheme");
        inspection.schemes().forEach(schemes::put);
        node.putObject("memory")
                .put("to_quantize", inspection.memory().toQuantize())
                .put("to_run", inspection.memory().toRun());
        ArrayNode tensors = node.putArray("tensors");
        for (TensorInfo tensor : inspection.tensors()) {
            ObjectNode row = tensors.addObject()
                    .put("name", tensor.name())
                    .put("dtype", tensor.type().name())
                    .put("bytes", tensor.byteSize())
                    .put("file", String.valueOf(tensor.file().getFileName()));
            Arrays.stream(tensor.shape().toArray()).forEach(row.putArray("shape")::add);
        }
        return node;
    }
}
