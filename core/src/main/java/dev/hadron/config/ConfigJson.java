package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire form of configurations: snake_case keys, enums in lower case, {@code "format": 1}.
 *
 * <p>In a {@link QuantizationConfig} a specification is an object, "not quantized" is {@code null} and "not said" is no key.
 * Elsewhere {@code null} and no key are the default. Our own files may hold only keys that are known. A file of the Python tool (it
 * says {@code "quant_method": "quark"} and no {@code format}) may hold keys of any of its releases, see {@link ReferenceJson}. What is
 * read is checked by the builders; {@code read(write(config))} equals {@code config}.
 */
public final class ConfigJson {
    /** The version of the wire form that this release writes, and the newest that it reads. */
    public static final int FORMAT = 1;

    /** What checkpoints call the method, and so do configurations. */
    static final String QUANT_METHOD = "quark";

    private ConfigJson() {}

    /**
     * The configuration in a file.
     *
     * @throws ConfigException when there is no such file, for malformed text (with line and column), an unknown key (with the
     *     nearest known one) or a value that isn't allowed
     */
    public static Config read(Path file) throws IOException {
        return fromTree(ConfigText.read(file), file.toString());
    }

    /** What a file holds, in some form of ours. */
    static <T> T read(Path file, Form<T> form) throws IOException {
        return form.read(ConfigText.read(file), new Place(file.toString(), ""));
    }

    /**
     * The configuration in a text.
     *
     * @param origin what messages call the text, such as a file name
     */
    public static Config parse(String text, String origin) {
        return fromTree(ConfigText.parse(text, origin), origin);
    }

    /** The configuration in a JSON object that was read already. */
    public static Config fromTree(JsonNode root, String origin) {
        JsonNode ours = ReferenceJson.isReference(root) ? ReferenceJson.inOurForm(root, origin) : root;
        return ConfigForms.CONFIG.read(ours, new Place(origin, ""));
    }

    /** The configuration as JSON text. */
    public static String write(Config config) {
        return ConfigText.MAPPER.writeValueAsString(toTree(config)) + "\n";
    }

    /** The configuration as a JSON object. */
    public static ObjectNode toTree(Config config) {
        return ConfigForms.CONFIG.write(config);
    }

    /** A specification as a JSON object; what is left open is {@code null}. */
    public static ObjectNode toTree(QuantizationSpec spec) {
        return ConfigForms.SPEC.write(spec);
    }

    /** The JSON Schema (draft 2020-12) of what {@link #write} writes and {@link #read} takes, as text. */
    public static String schema() {
        return ConfigText.MAPPER.writeValueAsString(
                        Schemas.of(ConfigForms.CONFIG, "A quantization configuration of Hadron"))
                + "\n";
    }

    /** The name on the wire of an enum's constant, where it is the constant in lower case. */
    static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
