package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of several forms that their key {@code name} tells apart.
 *
 * @param forms one for each case
 */
record TaggedForm<T>(List<ObjectForm<? extends T, ?>> forms) implements Form<T> {
    /** The key that tells cases apart. */
    static final String TAG = "name";

    @Override
    public T read(JsonNode node, Place place) {
        if (!node.isObject()) {
            throw new ConfigException(place + " must be a JSON object, not " + Place.shown(node));
        }
        JsonNode tag = node.get(TAG);
        if (tag == null) {
            throw new ConfigException(place + " has no " + TAG + "; it must be " + expected());
        }
        for (ObjectForm<? extends T, ?> form : forms) {
            if (tag.isString() && form.tags().contains(tag.stringValue())) {
                return form.read(node, place);
            }
        }
        throw place.field(TAG).wrong(tag, expected());
    }

    @Override
    public JsonNode write(T value) {
        return forms.stream()
                .filter(form -> form.isFormOf(value))
                .findFirst()
                .orElseThrow()
                .writeAny(value);
    }

    @Override
    public ObjectNode schema(ObjectNode definitions) {
        ObjectNode schema = Forms.json().objectNode();
        ArrayNode cases = schema.putArray("oneOf");
        forms.forEach(form -> cases.add(form.schema(definitions)));
        return schema;
    }

    @Override
    public String expected() {
        return "one of " + forms.stream().flatMap(form -> form.tags().stream()).collect(Collectors.joining(", "));
    }
}
