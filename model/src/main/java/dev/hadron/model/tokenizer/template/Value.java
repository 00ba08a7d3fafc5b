package dev.hadron.model.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What an expression comes to. Values don't change, but for {@link Namespace}; they are compared by {@link Operations#equal} alone. */
sealed interface Value {
    /** Python's {@code None}. */
    record None() implements Value {}

    /** What isn't there; it prints as nothing, is false and has nothing in it. */
    record Undefined(String what) implements Value {}

    /** A truth value. */
    record Bool(boolean value) implements Value {}

    /** An integer. */
    record Int(long value) implements Value {}

    /** A floating-point number. */
    record Real(double value) implements Value {}

    /** A string. */
    record Str(String value) implements Value {}

    /** A list or a tuple. */
    record Sequence(List<Value> items, boolean tuple) implements Value {}

    /** A dictionary, in the order in which its keys came. */
    record Mapping(Map<String, Value> entries) implements Value {}

    /** What {@code namespace()} makes: the one value whose fields can be set. */
    record Namespace(Map<String, Value> fields) implements Value {}

    /** A macro, a method or a global function. */
    record Function(String name, Body body) implements Value {
        /** What a function does. */
        @FunctionalInterface
        interface Body {
            Value call(Arguments arguments);
        }
    }

    static Value none() {
        return new None();
    }

    static Value of(boolean value) {
        return new Bool(value);
    }

    static Value of(long value) {
        return new Int(value);
    }

    static Value of(String value) {
        return new Str(value);
    }

    static Value list(List<? extends Value> items) {
        return new Sequence(List.copyOf(items), false);
    }

    static Value tuple(Value... items) {
        return new Sequence(List.of(items), true);
    }

    /** JSON as Python's {@code json} reads it. */
    static Value of(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                json.forEachEntry((key, value) -> entries.put(key, of(value)));
                yield new Mapping(entries);
            }
            case ARRAY -> list(json.valueStream().map(Value::of).toList());
            case STRING -> of(json.stringValue());
            case BOOLEAN -> of(json.booleanValue());
            case NUMBER ->
                json.isIntegralNumber() && json.canConvertToLong()
                        ? of(json.longValue())
                        : new Real(json.doubleValue());
            case NULL, MISSING, BINARY, POJO -> none();
        };
    }
}
