package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.ConfigException;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
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
            "algo_config",
            "pre_quant_opt_config",
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
            "scale_calculation_mode",
            "qat_spec");

    private final JsonFields json;

    /**
     * A reader of one text.
     *
     * @param origin what messages call the text
     * @param reference whether the Python tool wrote it
     */
    ConfigReader(String origin, boolean reference) {
        this.json = new JsonFields(origin, reference);
    }

    Config config(JsonNode node) {
        Map<String, JsonNode> fields =
                json.fields(node, "", CONFIG_KEYS, ReferenceKeys.CONFIG_SKIPPED, ReferenceKeys.CONFIG_UNUSED);
        JsonNode format = fields.get("format");
        if (format != null && (!format.isInt() || format.intValue() < 1 || format.intValue() > ConfigJson.FORMAT)) {
            throw json.wrong(
                    "format",
                    format,
                    "at most " + ConfigJson.FORMAT + " (a newer Hadron wrote this file; use that one)");
        }
        JsonNode global = fields.get("global_quant_config");
        if (global == null) {
            throw new ConfigException(
                    json.origin() + " has no global_quant_config; an empty object quantizes nothing by default");
        }
        Config.Builder builder = Config.builder().globalQuantConfig(layer(global, "global_quant_config"));
        forEachLayer(fields, "layer_type_quant_config", builder::layerTypeQuantConfig);
        forEachLayer(fields, "layer_quant_config", builder::layerQuantConfig);
        forEachLayer(fields, "kv_cache_quant_config", builder::kvCacheQuantConfig);
        JsonNode exclude = JsonFields.given(fields, "exclude");
        if (exclude != null) {
            if (!exclude.isArray()) {
                throw json.wrong("exclude", exclude, "a list of patterns");
            }
            exclude.forEach(pattern -> builder.exclude(json.text(pattern, "exclude")));
        }
        JsonNode mode = JsonFields.given(fields, "quant_mode");
        if (mode != null) {
            builder.quantMode(json.constant(mode, "quant_mode", QuantizationMode.values(), ConfigJson::wireName));
        }
        AlgoReader algorithms = new AlgoReader(json);
        algorithms.read(JsonFields.given(fields, "algo_config"), "algo_config", builder);
        algorithms.read(JsonFields.given(fields, "pre_quant_opt_config"), "pre_quant_opt_config", builder);
        builder.logSeverityLevel(json.integer(JsonFields.given(fields, "log_severity_level"), "log_severity_level"));
        return builder.build();
    }

    private void forEachLayer(
            Map<String, JsonNode> fields, String key, BiConsumer<String, QuantizationConfig> consumer) {
        JsonNode layers = JsonFields.given(fields, key);
        if (layers == null) {
            return;
        }
        if (!layers.isObject()) {
            throw json.wrong(key, layers, "an object of configurations");
        }
        layers.forEachEntry((name, value) -> consumer.accept(name, layer(value, key + "[\"" + name + "\"]")));
    }

    private QuantizationConfig layer(JsonNode node, String path) {
        Map<String, JsonNode> fields = json.fields(node, path, LAYER_KEYS, Set.of(), Set.of());
        QuantizationConfig.Builder builder = QuantizationConfig.builder()
                .inputTensors(tensor(fields, path, "input_tensors"))
                .outputTensors(tensor(fields, path, "output_tensors"))
                .weight(tensor(fields, path, "weight"))
                .bias(tensor(fields, path, "bias"));
        JsonNode device = JsonFields.given(fields, "target_device");
        if (device != null) {
            builder.targetDevice(
                    json.constant(device, path + ".target_device", DeviceType.values(), ConfigJson::wireName));
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
                json.fields(node, path, SPEC_KEYS, ReferenceKeys.SPEC_SKIPPED, ReferenceKeys.SPEC_UNUSED);
        JsonNode dtype = JsonFields.given(fields, "dtype");
        if (dtype == null) {
            throw new ConfigException(
                    json.origin() + ": " + path + " has no dtype; it is one of " + ConfigJson.dtypeNames());
        }
        QuantizationSpec.Builder builder =
                QuantizationSpec.builder(json.constant(dtype, path + ".dtype", Dtype.values(), Dtype::wireName));
        builder.isDynamic(json.bool(JsonFields.given(fields, "is_dynamic"), path + ".is_dynamic"));
        builder.symmetric(json.bool(JsonFields.given(fields, "symmetric"), path + ".symmetric"));
        builder.chAxis(json.integer(JsonFields.given(fields, "ch_axis"), path + ".ch_axis"));
        builder.groupSize(json.integer(JsonFields.given(fields, "group_size"), path + ".group_size"));
        builder.qscheme(json.optional(fields, path, "qscheme", QSchemeType.values(), ConfigJson::wireName));
        builder.roundMethod(json.optional(fields, path, "round_method", RoundType.values(), ConfigJson::wireName));
        builder.scaleType(json.optional(fields, path, "scale_type", ScaleType.values(), ConfigJson::wireName));
        builder.observerCls(json.optional(fields, path, "observer_cls", ObserverType.values(), ObserverType::wireName));
        ZeroPointType zeroPointType =
                json.optional(fields, path, "zero_point_type", ZeroPointType.values(), ConfigJson::wireName);
        if (zeroPointType != null) {
            builder.zeroPointType(zeroPointType);
        }
        builder.mxElementDtype(json.optional(fields, path, "mx_element_dtype", Dtype.values(), Dtype::wireName));
        builder.qatSpec(trained(JsonFields.given(fields, "qat_spec"), path + ".qat_spec"));
        builder.scaleCalculationMode(
                json.optional(fields, path, "scale_calculation_mode", MxScaleMode.values(), ConfigJson::wireName));
        return asMx(withDefaultObserver(builder.build(), fields));
    }

    private @Nullable TQTSpec trained(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        Map<String, JsonNode> fields = json.fields(node, path, Set.of("threshold_init_meth"), Set.of(), Set.of());
        return new TQTSpec(json.optional(
                fields,
                path,
                "threshold_init_meth",
                TQTThresholdInitMethod.values(),
                TQTThresholdInitMethod::wireName));
    }

    /** Newer files name the elements of MX as if they were the type. */
    private QuantizationSpec asMx(QuantizationSpec spec) {
        boolean element = switch (spec.dtype()) {
            case FP4, FP6_E3M2, FP6_E2M3, FP8_E4M3, FP8_E5M2, INT8 -> true;
            default -> false;
        };
        if (!json.isReference() || !element || spec.observerCls() != ObserverType.PER_BLOCK_MX) {
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
        if (!json.isReference() || fields.containsKey("observer_cls") || scheme == null) {
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
}
