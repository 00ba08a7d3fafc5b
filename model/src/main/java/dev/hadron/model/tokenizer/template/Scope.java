package dev.hadron.model.tokenizer.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables: what is set in a loop or a macro ends with it, what is set around it is seen within. */
final class Scope {
    /** Can't be a name: what a filter of a block is applied to. */
    private static final String PIPED = "";

    private final @Nullable Scope outer;
    private final Map<String, Value> variables = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    static Expression piped(int line) {
        return new Expression.Name(PIPED, line);
    }

    Scope withPiped(Value value) {
        Scope inner = new Scope(this);
        inner.set(PIPED, value);
        return inner;
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined("'" + name + "'");
    }
}
