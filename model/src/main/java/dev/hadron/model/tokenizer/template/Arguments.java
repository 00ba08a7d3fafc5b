package dev.hadron.model.tokenizer.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a filter, a test, a method or a function is called with.
 *
 * @param callee as messages call it
 * @param line of the call
 */
record Arguments(String callee, List<Value> positional, Map<String, Value> named, Budget budget, int line) {
    /**
     * Refuses more arguments than there are parameters, and names that aren't parameters.
     *
     * @param parameters their names, in order
     */
    void require(String... parameters) {
        if (positional.size() > parameters.length) {
            throw error("is called with " + positional.size() + " arguments, but takes " + parameters.length);
        }
        List<String> known = List.of(parameters);
        for (String name : named.keySet()) {
            if (known.indexOf(name) < positional.size()) {
                throw error("has no argument '" + name + "' here");
            }
        }
    }

    @Nullable
    Value find(int index, String name) {
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Value get(int index, String name, Value otherwise) {
        Value value = find(index, name);
        return value == null ? otherwise : value;
    }

    Value get(int index, String name) {
        Value value = find(index, name);
        if (value == null) {
            throw error("needs the argument '" + name + "'");
        }
        return value;
    }

    String string(int index, String name) {
        Value value = get(index, name);
        if (value instanceof Value.Str(String text)) {
            return text;
        }
        throw error("needs a string as '" + name + "', but gets " + Operations.kind(value));
    }

    long integer(int index, String name, long otherwise) {
        return switch (get(index, name, Value.of(otherwise))) {
            case Value.Int(long value) -> value;
            case Value.Bool(boolean value) -> value ? 1 : 0;
            case Value other -> throw error("needs an integer as '" + name + "', but gets " + Operations.kind(other));
        };
    }

    boolean truth(int index, String name, boolean otherwise) {
        return Operations.isTrue(get(index, name, Value.of(otherwise)));
    }

    TemplateException error(String problem) {
        return new TemplateException(line, callee + " " + problem);
    }
}
