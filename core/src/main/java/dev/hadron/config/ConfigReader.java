package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a configuration from its JSON tree, through the builders. */
final class ConfigReader {
    private static final Set<String> CONFIG_KEYS = Set.of(
            "format",
            "quant_method",
            "global_quant_config",
            "layer_type_quant_config",
            "layer_quant_config",
            "kv_cache_quant_config",
            "exclude",
            "quant_mode",
            "log_severity_level");
    private static final Set<String> LAYER_KEYS =
            Set.of("input_tensors", "output_tensors", "weight", "bias", "target_device");
    private static final Set<String> SPEC_KEYS = Set.of(
            "dtype",
            "is_dynamic",
            "qscheme",
            "ch_axis",
            "group_size",
            "symmetric",
            "round_method",
            "scale_type",
            "observer_cls",
            "zero_point_type",
            "mx_element_dtype",
            "scale_calculation_mode");

    private final String origin;
    private final boolean reference;

    /**
     * A reader of one text.
     *
     * @param origin what messages call the text
     * @param reference whether the Python tool wrote it
     */
    ConfigReader(String origin, boolean reference) {
        this.origin = origin;
        this.reference = reference;
    }

    Config config(JsonNode node) {
        Map<String, JsonNode> fields =
                fields(node, "", CONFIG_KEYS, ReferenceKeys.CONFIG_SKIPPED, ReferenceKeys.CONFIG_UNUSED);
        JsonNode format = fields.get("format");
        if (format != null && (!format.isInt() || format.intValue() < 1 || format.intValue() > ConfigJson.FORMAT)) {
            throw wrong(
                    "format",
                    format,
                    "at most " + ConfigJson.FORMAT + " (a newer Hadron wrote this file; use that one)");
        }
        JsonNode global = fields.get("global_quant_config");
        if (global == null) {
            throw new ConfigException(
                    origin + " has no global_quant_config; an empty object quantizes nothing by default");
        }
        Config.Builder builder = Config.builder().globalQuantConfig(layer(global, "global_quant_config"));
        forEachLayer(fields, "layer_type_quant_config", builder::layerTypeQuantConfig);
        forEachLayer(fields, "layer_quant_config", builder::layerQuantConfig);
        forEachLayer(fields, "kv_cache_quant_config", builder::kvCacheQuantConfig);
        JsonNode exclude = given(fields, "exclude");
        if (exclude != null) {
            if (!exclude.isArray()) {
                throw wrong("exclude", exclude, "a list of patterns");
            }
            exclude.forEach(pattern -> builder.exclude(text(pattern, "exclude")));
        }
        JsonNode mode = given(fields, "quant_mode");
        if (mode != null) {
            builder.quantMode(constant(mode, "quant_mode", QuantizationMode.values(), ConfigJson::wireName));
        }
        builder.logSeverityLevel(integer(given(fields, "log_severity_level"), "log_severity_level"));
        return builder.build();
    }

    private void forEachLayer(
            Map<String, JsonNode> fields, String key, BiConsumer<String, QuantizationConfig> consumer) {
        JsonNode layers = given(fields, key);
        if (layers == null) {
            return;
        }
        if (!layers.isObject()) {
            throw wrong(key, layers, "an object of configurations");
        }
        layers.forEachEntry((name, value) -> consumer.accept(name, layer(value, key + "[\"" + name + "\"]")));
    }

    private QuantizationConfig layer(JsonNode node, String path) {
        Map<String, JsonNode> fields = fields(node, path, LAYER_KEYS, Set.of(), Set.of());
        QuantizationConfig.Builder builder = QuantizationConfig.builder()
                .inputTensors(tensor(fields, path, "input_tensors"))
                .outputTensors(tensor(fields, path, "output_tensors"))
                .weight(tensor(fields, path, "weight"))
                .bias(tensor(fields, path, "bias"));
        JsonNode device = given(fields, "target_device");
        if (device != null) {
            builder.targetDevice(constant(device, path + ".target_device", DeviceType.values(), ConfigJson::wireName));
        }
        return builder.build();
    }

    private @Nullable TensorSetting tensor(Map<String, JsonNode> fields, String path, String key) {
        JsonNode node = fields.get(key);
        if (node == null) {
            return null;
        }
        return node.isNull() ? TensorSetting.NOT_QUANTIZED : spec(node, path + "." + key);
    }

    private QuantizationSpec spec(JsonNode node, String path) {
        Map<String, JsonNode> fields =
                fields(node, path, SPEC_KEYS, ReferenceKeys.SPEC_SKIPPED, ReferenceKeys.SPEC_UNUSED);
        JsonNode dtype = given(fields, "dtype");
        if (dtype == null) {
            throw new ConfigException(origin + ": " + path + " has no dtype; it is one of " + ConfigJson.dtypeNames());
        }
        QuantizationSpec.Builder builder =
                QuantizationSpec.builder(constant(dtype, path + ".dtype", Dtype.values(), Dtype::wireName));
        builder.isDynamic(bool(given(fields, "is_dynamic"), path + ".is_dynamic"));
        builder.symmetric(bool(given(fields, "symmetric"), path + ".symmetric"));
        builder.chAxis(integer(given(fields, "ch_axis"), path + ".ch_axis"));
        builder.groupSize(integer(given(fields, "group_size"), path + ".group_size"));
        builder.qscheme(optional(fields, path, "qscheme", QSchemeType.values(), ConfigJson::wireName));
        builder.roundMethod(optional(fields, path, "round_method", RoundType.values(), ConfigJson::wireName));
        builder.scaleType(optional(fields, path, "scale_type", ScaleType.values(), ConfigJson::wireName));
        builder.observerCls(optional(fields, path, "observer_cls", ObserverType.values(), ObserverType::wireName));
        ZeroPointType zeroPointType =
                optional(fields, path, "zero_point_type", ZeroPointType.values(), ConfigJson::wireName);
        if (zeroPointType != null) {
            builder.zeroPointType(zeroPointType);
        }
        builder.mxElementDtype(optional(fields, path, "mx_element_dtype", Dtype.values(), Dtype::wireName));
        builder.scaleCalculationMode(
                optional(fields, path, "scale_calculation_mode", MxScaleMode.values(), ConfigJson::wireName));
        return asMx(withDefaultObserver(builder.build(), fields));
    }

    /** Newer files name the elements of MX as if they were the type. */
    private QuantizationSpec asMx(QuantizationSpec spec) {
        boolean element = switch (spec.dtype()) {
            case FP4, FP6_E3M2, FP6_E2M3, FP8_E4M3, FP8_E5M2, INT8 -> true;
            default -> false;
        };
        if (!reference || !element || spec.observerCls() != ObserverType.PER_BLOCK_MX) {
            return spec;
        }
        return spec.toBuilder(Dtype.MX)
                .mxElementDtype(spec.dtype())
                // Says nothing of powers of two.
                .scaleType(null)
                .build();
    }

    /** Old files have no {@code observer_cls}: each scheme had one observer then. */
    private QuantizationSpec withDefaultObserver(QuantizationSpec spec, Map<String, JsonNode> fields) {
        QSchemeType scheme = spec.qscheme();
        if (!reference || fields.containsKey("observer_cls") || scheme == null) {
            return spec;
        }
        return spec.toBuilder()
                .observerCls(
                        switch (scheme) {
                            case PER_TENSOR -> ObserverType.PER_TENSOR_MIN_MAX;
                            case PER_CHANNEL -> ObserverType.PER_CHANNEL_MIN_MAX;
                            case PER_GROUP -> ObserverType.PER_GROUP_MIN_MAX;
                        })
                .build();
    }

    /** The fields of an object under their present names, each of them known. */
    private Map<String, JsonNode> fields(
            JsonNode node, String path, Set<String> known, Set<String> skipped, Set<String> unused) {
        String place = path.isEmpty() ? origin : origin + ": " + path;
        if (!node.isObject()) {
            throw new ConfigException(place + " must be a JSON object, not " + shown(node));
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        node.forEachEntry((key, value) -> {
            String name = ReferenceKeys.OLD_SPELLINGS.getOrDefault(key, key);
            if (known.contains(name)) {
                if (fields.put(name, value) != null) {
                    throw new ConfigException(place + " has both spellings of " + name + "; keep one");
                }
            } else if (unused.contains(name)) {
                refuseUse(place, name, value);
            } else if (!reference || !skipped.contains(name)) {
                throw new ConfigException(place + " has the unknown key \"" + key + "\"; the nearest known one is \""
                        + Nearest.of(key, new TreeSet<>(known)) + "\"");
            }
        });
        return fields;
    }

    private static void refuseUse(String place, String key, JsonNode value) {
        boolean asksForNothing = value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainer() && value.isEmpty());
        if (!asksForNothing) {
            throw new UnsupportedQuantizationException(
                    place + " sets " + key + ", which this release can't do; remove it or set it to null");
        }
    }

    private <E> @Nullable E optional(
            Map<String, JsonNode> fields, String path, String key, E[] values, Function<E, String> name) {
        JsonNode node = given(fields, key);
        return node == null ? null : constant(node, path + "." + key, values, name);
    }

    private <E> E constant(JsonNode node, String path, E[] values, Function<E, String> name) {
        String text = text(node, path);
        return Arrays.stream(values)
                .filter(value -> text.equals(name.apply(value)))
                .findFirst()
                .orElseThrow(() -> wrong(
                        path,
                        node,
                        "one of "
                                + String.join(
                                        ", ", Arrays.stream(values).map(name).toList())));
    }

    private String text(JsonNode node, String path) {
        if (!node.isString()) {
            throw wrong(path, node, "a text");
        }
        return node.stringValue();
    }

    private @Nullable Boolean bool(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrong(path, node, "true, false or null");
        }
        return node.booleanValue();
    }

    private @Nullable Integer integer(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isInt()) {
            throw wrong(path, node, "a whole number or null");
        }
        return node.intValue();
    }

    private ConfigException wrong(String path, JsonNode node, String allowed) {
        return new ConfigException(origin + ": " + path + " is " + shown(node) + "; it must be " + allowed);
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    /** A field's value; null where the key is missing or its value is {@code null}. */
    private static @Nullable JsonNode given(Map<String, JsonNode> fields, String key) {
        JsonNode node = fields.get(key);
        return node == null || node.isNull() ? null : node;
    }
}
