package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The forms of plain values, lists and maps. */
final class Forms {
    static final Form<String> TEXT =
            plain("string", "a text", JsonNode::isString, JsonNode::stringValue, json()::stringNode);
    static final Form<Boolean> BOOLEAN =
            plain("boolean", "true, false or null", JsonNode::isBoolean, JsonNode::booleanValue, json()::booleanNode);
    static final Form<Integer> INTEGER =
            plain("integer", "a whole number or null", JsonNode::isInt, JsonNode::intValue, json()::numberNode);
    static final Form<Double> NUMBER =
            plain("number", "a number or null", JsonNode::isNumber, JsonNode::doubleValue, json()::numberNode);

    private Forms() {}

    static JsonNodeFactory json() {
        return JsonNodeFactory.instance;
    }

    /** Whole numbers in a range. */
    static Form<Integer> integer(int least, int most, String expected) {
        return new Form<>() {
            @Override
            public Integer read(JsonNode node, Place place) {
                if (!node.isInt() || node.intValue() < least || node.intValue() > most) {
                    throw place.wrong(node, expected);
                }
                return node.intValue();
            }

            @Override
            public JsonNode write(Integer value) {
                return json().numberNode(value);
            }

            @Override
            public ObjectNode schema(ObjectNode definitions) {
                return json().objectNode()
                        .put("type", "integer")
                        .put("minimum", least)
                        .put("maximum", most);
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** One of some constants by name. */
    static <E> Form<E> oneOf(E[] values, Function<E, String> name) {
        List<String> names = Arrays.stream(values).map(name).toList();
        return new Form<>() {
            @Override
            public E read(JsonNode node, Place place) {
                String text = TEXT.read(node, place);
                return Arrays.stream(values)
                        .filter(value -> text.equals(name.apply(value)))
                        .findFirst()
                        .orElseThrow(() -> place.wrong(node, expected()));
            }

            @Override
            public JsonNode write(E value) {
                return json().stringNode(name.apply(value));
            }

            @Override
            public ObjectNode schema(ObjectNode definitions) {
                ObjectNode schema = json().objectNode();
                names.forEach(schema.putArray("enum")::add);
                return schema;
            }

            @Override
            public String expected() {
                return "one of " + String.join(", ", names);
            }
        };
    }

    /** Enums whose name on the wire is the constant in lower case. */
    static <E extends Enum<E>> Form<E> oneOf(E[] values) {
        return oneOf(values, ConfigJson::wireName);
    }

    /** Values in order. */
    static <T> Form<List<T>> list(Form<T> element, String expected) {
        return new Form<>() {
            @Override
            public List<T> read(JsonNode node, Place place) {
                if (!node.isArray()) {
                    throw place.wrong(node, expected);
                }
                List<T> values = new ArrayList<>();
                for (JsonNode value : node) {
                    values.add(element.read(value, place.element(values.size())));
                }
                return values;
            }

            @Override
            public JsonNode write(List<T> values) {
                ArrayNode node = json().arrayNode();
                values.forEach(value -> node.add(element.write(value)));
                return node;
            }

            @Override
            public ObjectNode schema(ObjectNode definitions) {
                ObjectNode schema = json().objectNode().put("type", "array");
                schema.set("items", element.schema(definitions));
                return schema;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /**
     * Values by keys that users choose, in order.
     *
     * @param keys the keys that there may be; all where it is empty
     */
    static <T> Form<Map<String, T>> map(Form<T> element, List<String> keys, String expected) {
        return new Form<>() {
            @Override
            public Map<String, T> read(JsonNode node, Place place) {
                if (!node.isObject()) {
                    throw place.wrong(node, expected);
                }
                Map<String, T> values = new LinkedHashMap<>();
                node.forEachEntry((key, value) -> {
                    if (!keys.isEmpty() && !keys.contains(key)) {
                        throw new ConfigException(place + " has the unknown key \"" + key + "\"; it must be one of "
                                + String.join(", ", keys));
                    }
                    values.put(key, element.read(value, place.entry(key)));
                });
                return values;
            }

            @Override
            public JsonNode write(Map<String, T> values) {
                ObjectNode node = json().objectNode();
                values.forEach((key, value) -> node.set(key, element.write(value)));
                return node;
            }

            @Override
            public ObjectNode schema(ObjectNode definitions) {
                ObjectNode schema = json().objectNode().put("type", "object");
                schema.set("additionalProperties", element.schema(definitions));
                if (!keys.isEmpty()) {
                    keys.forEach(schema.putObject("propertyNames").putArray("enum")::add);
                }
                return schema;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    private static <T> Form<T> plain(
            String type,
            String expected,
            Predicate<JsonNode> is,
            Function<JsonNode, T> value,
            Function<T, ? extends JsonNode> node) {
        return new Form<>() {
            @Override
            public T read(JsonNode found, Place place) {
                if (!is.test(found)) {
                    throw place.wrong(found, expected);
                }
                return value.apply(found);
            }

            @Override
            public JsonNode write(T given) {
                return node.apply(given);
            }

            @Override
            public ObjectNode schema(ObjectNode definitions) {
                return json().objectNode().put("type", type);
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }
}
