package dev.hadron.model;

import dev.hadron.error.CheckpointFormatException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A model's {@code config.json}, read with checks.
 *
 * @param node the whole object
 */
public record ModelConfig(JsonNode node) {
    /** The family that the model says it is of. */
    public Optional<String> modelType() {
        return text("model_type");
    }

    /** A text; empty when the key is missing or null. */
    public Optional<String> text(String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw wrong(key, "a text");
        }
        return Optional.of(value.stringValue());
    }

    /** A positive whole number; empty when the key is missing or null. */
    public Optional<Integer> count(String key) {
        return count(node, key);
    }

    /** A positive whole number of an object within the configuration; empty when the key is missing or null. */
    public static Optional<Integer> count(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isInt() || value.intValue() < 1) {
            throw wrong(node, key, "a positive whole number");
        }
        return Optional.of(value.intValue());
    }

    /** A positive whole number that there is no default for. */
    public int requiredCount(String key) {
        return count(key)
                .orElseThrow(() -> new CheckpointFormatException(
                        "config.json has no " + key + "; it must be a positive whole number"));
    }

    /** A finite number; empty when the key is missing or null. */
    public Optional<Double> number(String key) {
        return number(node, key);
    }

    /** A finite number of an object within the configuration; empty when the key is missing or null. */
    public static Optional<Double> number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(node, key, "a number");
        }
        return Optional.of(value.doubleValue());
    }

    /** A truth value; the default when the key is missing or null. */
    public boolean flag(String key, boolean otherwise) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.booleanValue();
    }

    /** What is wrong with the value of a key. */
    public CheckpointFormatException wrong(String key, String allowed) {
        return wrong(node, key, allowed);
    }

    private static CheckpointFormatException wrong(JsonNode node, String key, String allowed) {
        return new CheckpointFormatException(
                "config.json: " + key + " is " + node.path(key) + "; it must be " + allowed);
    }
}
