package dev.hadron.config;

import dev.hadron.error.ConfigException;
import tools.jackson.databind.JsonNode;

/**
 * Where a reader is, for messages.
 *
 * @param origin what messages call the text
 * @param path the keys that lead there; empty at the top
 */
record Place(String origin, String path) {
    /** A field of the object here. */
    Place field(String key) {
        return new Place(origin, path.isEmpty() ? key : path + "." + key);
    }

    /** An entry of the object here whose keys users choose. */
    Place entry(String key) {
        return new Place(origin, path + "[\"" + key + "\"]");
    }

    /** An element of the list here. */
    Place element(int index) {
        return new Place(origin, path + "[" + index + "]");
    }

    /** What stands here isn't what may. */
    ConfigException wrong(JsonNode found, String allowed) {
        return new ConfigException(this + " is " + shown(found) + "; it must be " + allowed);
    }

    static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    @Override
    public String toString() {
        return path.isEmpty() ? origin : origin + ": " + path;
    }
}
