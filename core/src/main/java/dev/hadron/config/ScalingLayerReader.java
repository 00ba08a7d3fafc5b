package dev.hadron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code scaling_layers}: a list, or what newer files have for rotations, an object of lists by position. */
final class ScalingLayerReader {
    private static final Set<String> KEYS = Set.of(
            "prev_op", "layers", "inp", "module2inspect", "prev_modules", "norm_module", "next_modules", "position");
    private static final Set<String> POSITIONS = Set.of("first_layer", "middle_layers", "last_layer");

    private final JsonFields json;
    private final String path;

    ScalingLayerReader(JsonFields json, String path) {
        this.json = json;
        this.path = path;
    }

    List<ScalingLayer> all(JsonNode node) {
        List<ScalingLayer> layers = new ArrayList<>();
        if (node.isArray()) {
            addAll(node, null, path, layers);
        } else {
            json.fields(node, path, POSITIONS, Set.of(), Set.of())
                    .forEach((position, list) -> addAll(list, position, path + "." + position, layers));
        }
        return layers;
    }

    private void addAll(JsonNode list, @Nullable String position, String place, List<ScalingLayer> layers) {
        if (!list.isArray()) {
            throw json.wrong(place, list, "a list of objects");
        }
        int index = 0;
        for (JsonNode entry : list) {
            layers.add(one(entry, position, place + "[" + index++ + "]"));
        }
    }

    private ScalingLayer one(JsonNode node, @Nullable String position, String place) {
        Map<String, JsonNode> fields = json.fields(node, place, KEYS, Set.of(), Set.of());
        String said = text(fields, "position", place);
        if (said != null && !POSITIONS.contains(said)) {
            throw json.wrong(
                    place + ".position",
                    node.get("position"),
                    "one of " + String.join(", ", POSITIONS.stream().sorted().toList()));
        }
        return new ScalingLayer(
                text(fields, "prev_op", place),
                json.texts(JsonFields.given(fields, "layers"), place + ".layers"),
                text(fields, "inp", place),
                text(fields, "module2inspect", place),
                json.texts(JsonFields.given(fields, "prev_modules"), place + ".prev_modules"),
                text(fields, "norm_module", place),
                json.texts(JsonFields.given(fields, "next_modules"), place + ".next_modules"),
                position != null ? position : said);
    }

    private @Nullable String text(Map<String, JsonNode> fields, String key, String place) {
        JsonNode node = JsonFields.given(fields, key);
        return node == null ? null : json.text(node, place + "." + key);
    }
}
