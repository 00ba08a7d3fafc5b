package dev.hadron.cli;

import dev.hadron.config.ConfigJson;
import dev.hadron.export.ExportLayout;
import dev.hadron.pipeline.Scheme;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code hadron schemes}. */
@Command(
        name = "schemes",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the presets: what each is, and which programs load it in which layout.",
            "With a name, prints the configuration that it stands for, as a file for --config."
        },
        footer = {"", "Examples:", "  hadron schemes", "  hadron schemes fp8-kv8 > my.json", "  hadron schemes --json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call()
final class SchemesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A preset.")
    private @Nullable String name;

    @Option(names = "--json", description = "Print all presets with their configurations as JSON.")
    private boolean json;

    @Option(names = "--schema", description = "Print the JSON Schema of configurations, for editors and other tools.")
    private boolean schema;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (schema) {
            out.print(ConfigJson.schema());
        } else if (name != null) {
            out.print(ConfigJson.write(Scheme.named(name).config()));
        } else if (json) {
            Output.json(out, toTree());
        } else {
            for (Scheme scheme : Scheme.values()) {
                out.printf(Locale.ROOT, "%-14s %s%n", scheme.wireName(), scheme.summary());
                out.printf(Locale.ROOT, "%-14s   %s%n", "", consumers(scheme));
            }
        }
        out.flush();
        return 0;
    }

    private static String consumers(Scheme scheme) {
        return scheme.layouts().stream()
                .map(layout ->
                        "--layout " + layout.wireName() + ": loaded by " + String.join(", ", scheme.consumers(layout)))
                .collect(Collectors.joining("; "));
    }

    private static ObjectNode toTree() {
        ObjectNode root = Output.object();
        ArrayNode schemes = root.putArray("schemes");
        for (Scheme scheme : Scheme.values()) {
            ObjectNode node = schemes.addObject()
                    .put("name", scheme.wireName())
                    .put("summary", scheme.summary())
                    .put("needs_calibration", scheme.needsCalibration());
            ObjectNode layouts = node.putObject("layouts");
            for (ExportLayout layout : scheme.layouts()) {
                scheme.consumers(layout).forEach(layouts.putArray(layout.wireName())::add);
            }
            node.set("config", ConfigJson.toTree(scheme.config()));
        }
        return root;
    }
}
