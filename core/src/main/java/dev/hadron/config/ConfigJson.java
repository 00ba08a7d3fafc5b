package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire form of configurations: snake_case keys, enums in lower case, {@code "format": 1}.
 *
 * <p>In a {@link QuantizationConfig} a specification is an object, "not quantized" is {@code null} and "not said" is no key.
 * Our own files may hold only keys that are known. A file of the Python tool (it says {@code "quant_method": "quark"} and no
 * {@code format}) may hold keys of any of its releases, see {@link ReferenceKeys}. What is read is checked by the builders, so
 * a missing key takes their default; {@code read(write(config))} equals {@code config}.
 */
public final class ConfigJson {
    /** The version of the wire form that this release writes, and the newest that it reads. */
    public static final int FORMAT = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ConfigJson() {}

    /**
     * The configuration in a file.
     *
     * @throws ConfigException when there is no such file, for malformed text (with line and column), an unknown key (with the
     *     nearest known one) or a value that isn't allowed
     */
    public static Config read(Path file) throws IOException {
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new ConfigException(file + (Files.exists(file) ? " is a folder" : " doesn't exist")
                    + "; name a JSON file that holds the configuration");
        }
        try {
            return parse(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " isn't UTF-8; convert it first", e);
        }
    }

    /**
     * The configuration in a text.
     *
     * @param origin what messages call the text, such as a file name
     */
    public static Config parse(String text, String origin) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw new ConfigException(origin + " isn't JSON: " + where + e.getOriginalMessage(), e);
        }
        if (root.isMissingNode()) {
            throw new ConfigException(origin + " isn't JSON: line 1, column 1: there is nothing in it");
        }
        return fromTree(root, origin);
    }

    /** The configuration in a JSON object that was read already. */
    public static Config fromTree(JsonNode root, String origin) {
        return new ConfigReader(
                        origin,
                        !root.has("format")
                                && root.path("quant_method").asString("").equals("quark"))
                .config(root);
    }

    /** The configuration as JSON text. */
    public static String write(Config config) {
        return MAPPER.writeValueAsString(toTree(config)) + "\n";
    }

    /** The configuration as a JSON object. */
    public static ObjectNode toTree(Config config) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        root.put("quant_method", "quark");
        root.set("global_quant_config", toTree(config.globalQuantConfig()));
        root.set("layer_type_quant_config", toTree(config.layerTypeQuantConfig()));
        root.set("layer_quant_config", toTree(config.layerQuantConfig()));
        root.set("kv_cache_quant_config", toTree(config.kvCacheQuantConfig()));
        config.exclude().forEach(root.putArray("exclude")::add);
        root.put("quant_mode", wireName(config.quantMode()));
        root.put("log_severity_level", config.logSeverityLevel());
        return root;
    }

    /** A specification as a JSON object; what is left open is {@code null}. */
    public static ObjectNode toTree(QuantizationSpec spec) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("dtype", spec.dtype().wireName());
        node.put("is_dynamic", spec.isDynamic());
        node.put("qscheme", wireNameOrNull(spec.qscheme()));
        node.put("ch_axis", spec.chAxis());
        node.put("group_size", spec.groupSize());
        node.put("symmetric", spec.symmetric());
        node.put("round_method", wireNameOrNull(spec.roundMethod()));
        node.put("scale_type", wireNameOrNull(spec.scaleType()));
        ObserverType observer = spec.observerCls();
        node.put("observer_cls", observer == null ? null : observer.wireName());
        node.put("zero_point_type", wireName(spec.zeroPointType()));
        Dtype element = spec.mxElementDtype();
        if (element != null) {
            node.put("mx_element_dtype", element.wireName());
        }
        if (spec.scaleCalculationMode() != null) {
            node.put("scale_calculation_mode", wireName(spec.scaleCalculationMode()));
        }
        return node;
    }

    /** The name on the wire of an enum's constant, where it is the constant in lower case. */
    static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String wireNameOrNull(@Nullable Enum<?> constant) {
        return constant == null ? null : wireName(constant);
    }

    private static ObjectNode toTree(Map<String, QuantizationConfig> configs) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        configs.forEach((key, value) -> node.set(key, toTree(value)));
        return node;
    }

    private static ObjectNode toTree(QuantizationConfig config) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "input_tensors", config.inputTensors());
        put(node, "output_tensors", config.outputTensors());
        put(node, "weight", config.weight());
        put(node, "bias", config.bias());
        DeviceType device = config.targetDevice();
        if (device != null) {
            node.put("target_device", wireName(device));
        }
        return node;
    }

    private static void put(ObjectNode node, String key, @Nullable TensorSetting setting) {
        switch (setting) {
            case null -> {}
            case TensorSetting.NotQuantized unused -> node.putNull(key);
            case QuantizationSpec spec -> node.set(key, toTree(spec));
        }
    }

    /** The names of all data types, for messages. */
    static String dtypeNames() {
        return String.join(
                ", ",
                java.util.Arrays.stream(Dtype.values()).map(Dtype::wireName).toList());
    }
}
