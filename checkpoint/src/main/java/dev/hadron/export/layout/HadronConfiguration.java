package dev.hadron.export.layout;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code quantization_config} of the {@code hadron} layout: {@code "quant_method": "hadron"}, {@code "layout_version": 1}, and the quantized layers
 * by name, those that got the same together:
 *
 * <pre>
 *   "groups": [{"type": "Linear", "working_type": "bfloat16", "weight": {…}, "input_tensors": null, "output_tensors": null,
 *               "layers": ["model.layers.0.mlp.down_proj", …]}]
 * </pre>
 *
 * Nothing is left to patterns; {@code config}, what the user said, is for the record.
 */
final class HadronConfiguration {
    /** The version that is written, and the newest that is read. */
    static final int VERSION = 1;

    private HadronConfiguration() {}

    /** What layers of a group have in common. */
    private record Group(
            LayerType type,
            WorkingType workingType,
            Optional<QuantizationSpec> weight,
            Optional<QuantizationSpec> input,
            Optional<QuantizationSpec> output) {
        static Group of(LayerFormat layer) {
            return new Group(layer.type(), layer.workingType(), layer.weight(), layer.input(), layer.output());
        }
    }

    static ObjectNode write(Config config, List<LayerFormat> quantized) {
        Map<Group, List<String>> groups = new LinkedHashMap<>();
        quantized.forEach(layer -> groups.computeIfAbsent(Group.of(layer), unused -> new ArrayList<>())
                .add(layer.layer()));
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("quant_method", "hadron");
        root.put("layout_version", VERSION);
        ArrayNode list = root.putArray("groups");
        groups.forEach((group, layers) -> list.add(write(group, layers)));
        root.set("config", ConfigJson.toTree(config));
        return root;
    }

    private static ObjectNode write(Group group, List<String> layers) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", group.type().wireName());
        node.put("working_type", group.workingType().name().toLowerCase(Locale.ROOT));
        put(node, "weight", group.weight());
        put(node, "input_tensors", group.input());
        put(node, "output_tensors", group.output());
        layers.forEach(node.putArray("layers")::add);
        return node;
    }

    private static void put(ObjectNode node, String key, Optional<QuantizationSpec> spec) {
        node.set(key, spec.<JsonNode>map(ConfigJson::toTree).orElse(JsonNodeFactory.instance.nullNode()));
    }

    static List<LayerFormat> read(StoredConfiguration configuration, StoredTensors tensors) {
        JsonNode root = configuration.tree();
        String origin = configuration.origin();
        JsonNode version = root.path("layout_version");
        if (!version.isInt() || version.intValue() < 1 || version.intValue() > VERSION) {
            throw new CheckpointFormatException(origin + " has the layout_version " + version + "; this release reads "
                    + VERSION + " (a newer Hadron wrote the checkpoint: use that one)");
        }
        List<LayerFormat> layers = new ArrayList<>();
        int index = 0;
        for (JsonNode node : root.path("groups")) {
            Group group = group(node, origin + ": groups[" + index++ + "]");
            for (JsonNode layer : node.path("layers")) {
                layers.add(layer(group, layer.asString(""), tensors, origin));
            }
        }
        return layers;
    }

    private static Group group(JsonNode node, String origin) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("format", ConfigJson.FORMAT);
        ObjectNode settings = config.putObject("global_quant_config");
        for (String key : List.of("weight", "input_tensors", "output_tensors")) {
            settings.set(key, node.path(key).isMissingNode() ? JsonNodeFactory.instance.nullNode() : node.get(key));
        }
        QuantizationConfig read = ConfigJson.fromTree(config, origin).globalQuantConfig();
        return new Group(
                LayerType.named(node.path("type").asString("")),
                workingType(node.path("working_type").asString(""), origin),
                spec(read.weight()),
                spec(read.inputTensors()),
                spec(read.outputTensors()));
    }

    private static WorkingType workingType(String name, String origin) {
        for (WorkingType type : WorkingType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return type;
            }
        }
        throw new CheckpointFormatException(
                origin + " has the working_type \"" + name + "\"; it must be float32, bfloat16 or float16");
    }

    private static Optional<QuantizationSpec> spec(@Nullable TensorSetting setting) {
        return setting instanceof QuantizationSpec spec ? Optional.of(spec) : Optional.empty();
    }

    private static LayerFormat layer(Group group, String layer, StoredTensors tensors, String origin) {
        TensorInfo tensor = tensors.find(layer + ".weight")
                .filter(found -> found.shape().rank() == 2)
                .orElseThrow(() -> new CheckpointFormatException(origin + " speaks of layer \"" + layer
                        + "\", but the checkpoint has no matrix " + layer + ".weight"));
        Shape stored = tensor.shape();
        Shape shape = group.weight()
                .map(spec -> Shape.of(stored.extent(0), HadronWeight.codesInRow(spec.format(), stored.extent(1))))
                .orElse(stored);
        return new LayerFormat(
                layer, group.type(), shape, group.workingType(), group.weight(), group.input(), group.output());
    }
}
