package dev.hadron.pipeline;

import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.config.ConfigJson;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.samples.Selection;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code hadron.json} beside the weights: everything that is needed to make the same checkpoint again. It holds no times and
 * no paths, so equal runs write equal files.
 */
final class Recipe {
    /** The file's name. */
    static final String FILE = "hadron.json";

    /** The version of the file's form. */
    static final int FORMAT = 1;

    private final ObjectNode root;

    private Recipe(ObjectNode root) {
        this.root = root;
    }

    /** What ran the model in calibration: its results depend on these. */
    record RuntimeFacts(String description, String device) {}

    static Recipe of(
            QuantizationPlan plan,
            ExportLayout layout,
            long seed,
            Optional<CalibrationData> calibration,
            Optional<RuntimeFacts> runtime,
            InputHashes inputs) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        root.put("hadron", HadronVersion.current());
        root.put("layout", layout.wireName());
        root.put("numerics_profile", plan.profile().wireName());
        root.put("seed", seed);
        root.set("config", ConfigJson.toTree(plan.config()));
        if (!plan.model().linear().isEmpty()) {
            plan.model().linear().forEach(root.putArray("linear")::add);
        }
        ObjectNode kept = root.putObject("kept_layers");
        new TreeSet<>(plan.kept().keySet())
                .forEach(layer -> kept.put(layer, plan.kept().get(layer)));
        calibration.ifPresent(data -> root.set("calibration", describe(data)));
        runtime.ifPresent(facts -> root.putObject("runtime")
                .put("description", facts.description())
                .put("device", facts.device()));
        inputs.sha256().forEach(root.putObject("inputs")::put);
        return new Recipe(root);
    }

    void write(Path folder) throws IOException {
        StrictJson.write(folder.resolve(FILE), root);
    }

    private static ObjectNode describe(CalibrationData data) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("source", data.source());
        node.put("kind", data.kind());
        node.put("sha256", data.sha256());
        node.put("windows", data.windows().size());
        node.put(
                "tokens",
                data.windows().stream().mapToLong(window -> window.length).sum());
        node.put("samples", data.samples());
        node.put("length", data.length());
        node.put("shuffled", data.seed().isPresent());
        if (data.seed().isPresent()) {
            node.put("generator", Selection.GENERATOR);
        }
        return node;
    }
}
