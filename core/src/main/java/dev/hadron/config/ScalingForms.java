package dev.hadron.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms of {@code scaling_layers}: a list, or what newer files have for rotations, an object of lists by position. */
final class ScalingForms {
    static final Form<List<String>> NAMES = Forms.list(Forms.TEXT, "a list of names");

    private static final List<String> POSITIONS = List.of("first_layer", "middle_layers", "last_layer");

    private static final ObjectForm<ScalingLayer, Draft> LAYER = new ObjectForm<ScalingLayer, Draft>(
                    "ScalingLayer", ScalingLayer.class, Draft::new, Draft::build)
            .omittedField("prev_op", Forms.TEXT, ScalingLayer::prevOp, (draft, value) -> draft.prevOp = value)
            .omittedField("layers", NAMES, ScalingLayer::layers, (draft, value) -> draft.layers = value)
            .omittedField("inp", Forms.TEXT, ScalingLayer::inp, (draft, value) -> draft.inp = value)
            .omittedField(
                    "module2inspect",
                    Forms.TEXT,
                    ScalingLayer::module2inspect,
                    (draft, value) -> draft.module2inspect = value)
            .omittedField("prev_modules", NAMES, ScalingLayer::prevModules, (draft, value) -> draft.prevModules = value)
            .omittedField(
                    "norm_module", Forms.TEXT, ScalingLayer::normModule, (draft, value) -> draft.normModule = value)
            .omittedField("next_modules", NAMES, ScalingLayer::nextModules, (draft, value) -> draft.nextModules = value)
            .omittedField(
                    "position",
                    Forms.oneOf(POSITIONS.toArray(String[]::new), name -> name),
                    ScalingLayer::position,
                    (draft, value) -> draft.position = value);

    private static final Form<List<ScalingLayer>> LIST = Forms.list(LAYER, "a list of objects");

    static final Form<List<ScalingLayer>> LAYERS = new Form<>() {
        @Override
        public List<ScalingLayer> read(JsonNode node, Place place) {
            if (!node.isObject()) {
                return LIST.read(node, place);
            }
            List<ScalingLayer> layers = new ArrayList<>();
            Forms.map(LIST, POSITIONS, expected())
                    .read(node, place)
                    .forEach((position, entries) ->
                            entries.stream().map(entry -> at(position, entry)).forEach(layers::add));
            return layers;
        }

        @Override
        public JsonNode write(List<ScalingLayer> layers) {
            return LIST.write(layers);
        }

        @Override
        public ObjectNode schema(ObjectNode definitions) {
            ObjectNode schema = Forms.json().objectNode();
            schema.putArray("anyOf")
                    .add(LIST.schema(definitions))
                    .add(Forms.map(LIST, POSITIONS, expected()).schema(definitions));
            return schema;
        }

        @Override
        public String expected() {
            return "a list of objects, or an object of such lists by " + String.join(", ", POSITIONS);
        }
    };

    private ScalingForms() {}

    private static ScalingLayer at(String position, ScalingLayer entry) {
        return new ScalingLayer(
                entry.prevOp(),
                entry.layers(),
                entry.inp(),
                entry.module2inspect(),
                entry.prevModules(),
                entry.normModule(),
                entry.nextModules(),
                position);
    }

    private static final class Draft {
        private @Nullable String prevOp;
        private @Nullable List<String> layers;
        private @Nullable String inp;
        private @Nullable String module2inspect;
        private @Nullable List<String> prevModules;
        private @Nullable String normModule;
        private @Nullable List<String> nextModules;
        private @Nullable String position;

        ScalingLayer build() {
            return new ScalingLayer(
                    prevOp, layers, inp, module2inspect, prevModules, normModule, nextModules, position);
        }
    }
}
