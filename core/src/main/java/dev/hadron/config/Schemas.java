package dev.hadron.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Schema (draft 2020-12) of forms. */
final class Schemas {
    private Schemas() {}

    /** The schema of a whole text. */
    static ObjectNode of(ObjectForm<?, ?> form, String title) {
        ObjectNode definitions = Forms.json().objectNode();
        ObjectNode schema = Forms.json().objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.setAll(form.wholeSchema(definitions));
        schema.set("$defs", definitions);
        return schema;
    }

    /** The same, or {@code null}. */
    static ObjectNode orNull(ObjectNode schema) {
        JsonNode type = schema.get("type");
        if (type != null) {
            ArrayNode types = Forms.json().arrayNode();
            types.add(type.stringValue()).add("null");
            schema.set("type", types);
            return schema;
        }
        if (schema.get("enum") instanceof ArrayNode constants) {
            constants.addNull();
            return schema;
        }
        ObjectNode either = Forms.json().objectNode();
        either.putArray("anyOf").add(schema).addObject().put("type", "null");
        return either;
    }
}
