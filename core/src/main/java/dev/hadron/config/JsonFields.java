package dev.hadron.config;

import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fields of the objects of one text, each known and of the right kind, or a sentence that says where and what. */
final class JsonFields {
    private final String origin;
    private final boolean reference;

    /**
     * Of one text.
     *
     * @param origin what messages call the text
     * @param reference whether the Python tool wrote it
     */
    JsonFields(String origin, boolean reference) {
        this.origin = origin;
        this.reference = reference;
    }

    /** What messages call the text. */
    String origin() {
        return origin;
    }

    /** Whether the Python tool wrote it. */
    boolean isReference() {
        return reference;
    }

    /** The fields of an object under their present names, each of them known. */
    Map<String, JsonNode> fields(
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

    <E> @Nullable E optional(
            Map<String, JsonNode> fields, String path, String key, E[] values, Function<E, String> name) {
        JsonNode node = given(fields, key);
        return node == null ? null : constant(node, path + "." + key, values, name);
    }

    <E> E constant(JsonNode node, String path, E[] values, Function<E, String> name) {
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

    String text(JsonNode node, String path) {
        if (!node.isString()) {
            throw wrong(path, node, "a text");
        }
        return node.stringValue();
    }

    @Nullable
    Boolean bool(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrong(path, node, "true, false or null");
        }
        return node.booleanValue();
    }

    @Nullable
    Integer integer(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isInt()) {
            throw wrong(path, node, "a whole number or null");
        }
        return node.intValue();
    }

    ConfigException wrong(String path, JsonNode node, String allowed) {
        return new ConfigException(origin + ": " + path + " is " + shown(node) + "; it must be " + allowed);
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    /** A field's value; null where the key is missing or its value is {@code null}. */
    static @Nullable JsonNode given(Map<String, JsonNode> fields, String key) {
        JsonNode node = fields.get(key);
        return node == null || node.isNull() ? null : node;
    }

    @Nullable
    Double number(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isNumber()) {
            throw wrong(path, node, "a number or null");
        }
        return node.doubleValue();
    }

    @Nullable
    List<String> texts(@Nullable JsonNode node, String path) {
        if (node == null) {
            return null;
        }
        if (!node.isArray()) {
            throw wrong(path, node, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        node.forEach(element -> texts.add(text(element, path)));
        return texts;
    }
}
