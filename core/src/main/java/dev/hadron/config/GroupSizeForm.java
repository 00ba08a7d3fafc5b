package dev.hadron.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A positive number of elements, or −1 for the whole axis; {@link QuantizationSpec} refuses the rest. */
final class GroupSizeForm implements Form<Integer> {
    @Override
    public Integer read(JsonNode node, Place place) {
        return Forms.INTEGER.read(node, place);
    }

    @Override
    public JsonNode write(Integer value) {
        return Forms.INTEGER.write(value);
    }

    @Override
    public ObjectNode schema(ObjectNode definitions) {
        ObjectNode schema = Forms.INTEGER.schema(definitions).put("minimum", -1);
        schema.putObject("not").put("const", 0);
        return schema;
    }

    @Override
    public String expected() {
        return Forms.INTEGER.expected();
    }
}
