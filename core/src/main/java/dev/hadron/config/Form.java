package dev.hadron.config;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A kind of value in JSON: one description that reads it, writes it, and says in a JSON Schema what may stand there. */
interface Form<T> {
    /** The value of a node that isn't {@code null}. */
    T read(JsonNode node, Place place);

    /** The node of a value. */
    JsonNode write(T value);

    /** What may stand there, {@code null} aside; {@code definitions} takes the objects that it refers to. */
    ObjectNode schema(ObjectNode definitions);

    /** What may stand there, in words. */
    String expected();
}
