package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms of where scales move, and of where a rotation enters and leaves a model: a list, or an object with three lists. */
final class ScalingForms {
    static final Form<List<String>> NAMES = Forms.list(Forms.TEXT, "a list of names");

    private static final ObjectForm<ScalingLayer, ScalingDraft> SCALING_LAYER = new ObjectForm<
                    ScalingLayer, ScalingDraft>(
                    "ScalingLayer", ScalingLayer.class, ScalingDraft::new, ScalingDraft::build)
            .requiredField("prev_op", Forms.TEXT, ScalingLayer::prevOp, (draft, value) -> draft.prevOp = value)
            .requiredField("layers", NAMES, ScalingLayer::layers, (draft, value) -> draft.layers = value)
            .omittedField("inp", Forms.TEXT, ScalingLayer::inp, (draft, value) -> draft.inp = value)
            .omittedField(
                    "module2inspect",
                    Forms.TEXT,
                    ScalingLayer::module2inspect,
                    (draft, value) -> draft.module2inspect = value);

    static final Form<List<ScalingLayer>> SCALING_LAYERS = Forms.list(SCALING_LAYER, "a list of objects");

    private static final ObjectForm<RotationScaling.Position, PositionDraft> POSITION = new ObjectForm<
                    RotationScaling.Position, PositionDraft>(
                    "RotationPosition", RotationScaling.Position.class, PositionDraft::new, PositionDraft::build)
            .field(
                    "prev_modules",
                    NAMES,
                    RotationScaling.Position::prevModules,
                    (draft, value) -> draft.prevModules = value)
            .field(
                    "norm_module",
                    Forms.TEXT,
                    RotationScaling.Position::normModule,
                    (draft, value) -> draft.normModule = value)
            .field(
                    "next_modules",
                    NAMES,
                    RotationScaling.Position::nextModules,
                    (draft, value) -> draft.nextModules = value);

    private static final Form<List<RotationScaling.Position>> POSITION_LIST = Forms.list(POSITION, "a list of objects");

    private static final ObjectForm<RotationScaling.Positions, PositionsDraft> POSITIONS = new ObjectForm<
                    RotationScaling.Positions, PositionsDraft>(
                    "RotationPositions", RotationScaling.Positions.class, PositionsDraft::new, PositionsDraft::build)
            .field(
                    "first_layer",
                    POSITION_LIST,
                    RotationScaling.Positions::firstLayer,
                    (draft, value) -> draft.firstLayer = value)
            .field(
                    "middle_layers",
                    POSITION_LIST,
                    RotationScaling.Positions::middleLayers,
                    (draft, value) -> draft.middleLayers = value)
            .field(
                    "last_layer",
                    POSITION_LIST,
                    RotationScaling.Positions::lastLayer,
                    (draft, value) -> draft.lastLayer = value);

    static final Form<RotationScaling> ROTATION_SCALING = new Form<>() {
        @Override
        public RotationScaling read(JsonNode node, Place place) {
            return node.isObject()
                    ? POSITIONS.read(node, place)
                    : new RotationScaling.Entries(SCALING_LAYERS.read(node, place));
        }

        @Override
        public JsonNode write(RotationScaling value) {
            return switch (value) {
                case RotationScaling.Entries entries -> SCALING_LAYERS.write(entries.layers());
                case RotationScaling.Positions positions -> POSITIONS.write(positions);
            };
        }

        @Override
        public ObjectNode schema(ObjectNode definitions) {
            ObjectNode schema = Forms.json().objectNode();
            schema.putArray("anyOf").add(SCALING_LAYERS.schema(definitions)).add(POSITIONS.schema(definitions));
            return schema;
        }

        @Override
        public String expected() {
            return "a list, or an object with first_layer, middle_layers and last_layer";
        }
    };

    private ScalingForms() {}

    private static final class PositionDraft {
        private List<String> prevModules = List.of();
        private @Nullable String normModule;
        private List<String> nextModules = List.of();

        RotationScaling.Position build() {
            return new RotationScaling.Position(prevModules, normModule, nextModules);
        }
    }

    private static final class PositionsDraft {
        private List<RotationScaling.Position> firstLayer = List.of();
        private List<RotationScaling.Position> middleLayers = List.of();
        private List<RotationScaling.Position> lastLayer = List.of();

        RotationScaling.Positions build() {
            return new RotationScaling.Positions(firstLayer, middleLayers, lastLayer);
        }
    }

    private static final class ScalingDraft {
        private String prevOp = "";
        private List<String> layers = List.of();
        private @Nullable String inp;
        private @Nullable String module2inspect;

        ScalingLayer build() {
            return new ScalingLayer(prevOp, layers, inp, module2inspect);
        }
    }
}
