package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files of the Python tool, of any release, in the form of ours.
 *
 * <ul>
 *   <li>Keys that say how a file was made or how the tool computes are left out, with a note in the log.
 *   <li>Keys that ask for what isn't available must ask for nothing: {@code null}, {@code false} or empty.
 *   <li>Release 0.13 lists optimizations and the algorithm together in {@code algo_config}; here they part.
 *   <li>It names the element of OCP MX as if it were the data type; here the type is {@code mx}.
 *   <li>Files without {@code observer_cls} come from releases that had one observer for each scheme.
 * </ul>
 */
final class ReferenceJson {
    private static final System.Logger LOG = System.getLogger(ReferenceJson.class.getName());

    private static final Set<String> CONFIG_SKIPPED = Set.of("export", "version");
    private static final Set<String> CONFIG_UNUSED = Set.of("kv_cache_post_rope", "softmax_quant_spec");
    private static final Set<String> SPEC_SKIPPED = Set.of("enable_buffer_reuse", "max_input_numel");
    private static final Set<String> SPEC_UNUSED = Set.of("block_size", "is_scale_quant");

    private static final List<String> LAYER_MAPS =
            List.of("layer_type_quant_config", "layer_quant_config", "kv_cache_quant_config");
    private static final List<String> TENSORS = List.of("input_tensors", "output_tensors", "weight", "bias");

    private static final Map<String, String> OBSERVERS = Map.of(
            "per_tensor", ObserverType.PER_TENSOR_MIN_MAX.wireName(),
            "per_channel", ObserverType.PER_CHANNEL_MIN_MAX.wireName(),
            "per_group", ObserverType.PER_GROUP_MIN_MAX.wireName());

    private ReferenceJson() {}

    /** Whether the Python tool wrote this. */
    static boolean isReference(JsonNode root) {
        return !root.has("format") && root.path("quant_method").asString("").equals(ConfigJson.QUANT_METHOD);
    }

    /** A copy in the form of ours. What isn't of the expected kind is left for the reader to refuse. */
    static JsonNode inOurForm(JsonNode file, String origin) {
        ObjectNode root = (ObjectNode) file.deepCopy();
        Place place = new Place(origin, "");
        skip(root, CONFIG_SKIPPED, place);
        dropUnused(root, CONFIG_UNUSED, place);
        ReferenceAlgorithms.separate(root, place.field("algo_config"));
        layer(root.path("global_quant_config"), place.field("global_quant_config"));
        for (String key : LAYER_MAPS) {
            root.path(key)
                    .forEachEntry((name, layer) -> layer(layer, place.field(key).entry(name)));
        }
        return root;
    }

    private static void layer(JsonNode layer, Place place) {
        for (String key : TENSORS) {
            if (layer.get(key) instanceof ObjectNode spec) {
                spec(spec, place.field(key));
            }
        }
    }

    private static void spec(ObjectNode spec, Place place) {
        skip(spec, SPEC_SKIPPED, place);
        dropUnused(spec, SPEC_UNUSED, place);
        String observer = OBSERVERS.get(spec.path("qscheme").asString(""));
        if (!spec.has("observer_cls") && observer != null) {
            spec.put("observer_cls", observer);
        }
        JsonNode scaleFormat = spec.remove("scale_format");
        String dtype = spec.path("dtype").asString("");
        boolean blocks = spec.path("observer_cls").asString("").equals(ObserverType.PER_BLOCK_MX.wireName());
        boolean isElement =
                Dtype.ofWireName(dtype).filter(BlockRules.ELEMENTS::contains).isPresent();
        if (blocks && isElement) {
            spec.put("dtype", Dtype.MX.wireName());
            spec.put("mx_element_dtype", dtype);
            // Says nothing of powers of two.
            spec.remove("scale_type");
        } else if (scaleFormat != null
                && !scaleFormat.isNull()
                && !scaleFormat.asString("").equals("float32")) {
            throw unavailable("scale_format", place);
        }
    }

    private static void skip(ObjectNode node, Set<String> keys, Place place) {
        for (String key : keys) {
            if (node.remove(key) != null) {
                LOG.log(System.Logger.Level.DEBUG, () -> place + " has " + key + ", which changes nothing here");
            }
        }
    }

    static void dropUnused(ObjectNode node, Set<String> keys, Place place) {
        for (String key : keys) {
            JsonNode value = node.remove(key);
            if (value != null && !asksForNothing(value)) {
                throw unavailable(key, place);
            }
        }
    }

    private static boolean asksForNothing(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainer() && value.isEmpty());
    }

    private static UnsupportedQuantizationException unavailable(String key, Place place) {
        return new UnsupportedQuantizationException(
                place + " sets " + key + ", which this release can't do; remove it or set it to null");
    }
}
