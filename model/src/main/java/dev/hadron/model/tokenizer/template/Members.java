package dev.hadron.model.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind a dot or in brackets. */
final class Members {
    private Members() {}

    /** {@code target.name}: a method first, then an entry. */
    static Value attribute(Value target, String name, int line) {
        requireDefined(target, name, line);
        Value method = method(target, name);
        Value found = method == null ? entry(target, name) : method;
        return found == null ? missing(target, name) : found;
    }

    /** {@code target[index]}: an entry first, then a method. */
    static Value item(Value target, Value index, int line) {
        if (index instanceof Value.Str(String name)) {
            requireDefined(target, name, line);
            Value entry = entry(target, name);
            Value found = entry == null ? method(target, name) : entry;
            return found == null ? missing(target, name) : found;
        }
        requireDefined(target, "an item", line);
        if (!Numbers.isInteger(index)) {
            return missing(target, Operations.kind(index));
        }
        long at = Numbers.integer(index);
        return switch (target) {
            case Value.Sequence(List<Value> items, boolean unused) -> {
                long from = at < 0 ? at + items.size() : at;
                yield from < 0 || from >= items.size() ? missing(target, String.valueOf(at)) : items.get((int) from);
            }
            case Value.Str(String text) -> {
                int length = PythonText.length(text);
                long from = at < 0 ? at + length : at;
                yield from < 0 || from >= length
                        ? missing(target, String.valueOf(at))
                        : Value.of(Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) from))));
            }
            default -> missing(target, String.valueOf(at));
        };
    }

    /** {@code target[from:to:step]}; a bound that isn't given is {@code None}. */
    static Value slice(Value target, Value from, Value to, Value step, Budget budget, int line) {
        if (!(target instanceof Value.Str) && !(target instanceof Value.Sequence)) {
            throw new TemplateException(line, "there are no parts of " + Operations.kind(target));
        }
        boolean text = target instanceof Value.Str;
        List<Value> items = Operations.iterate(target, budget, line);
        long stride = bound(step, 1, line);
        if (stride == 0) {
            throw new TemplateException(line, "a slice has a step of zero");
        }
        long size = items.size();
        long lowest = stride > 0 ? 0 : -1;
        long highest = stride > 0 ? size : size - 1;
        long at = clamp(bound(from, stride > 0 ? 0 : size - 1, line), from, size, lowest, highest);
        long end = clamp(bound(to, stride > 0 ? size : -1, line), to, size, lowest, highest);
        List<Value> part = new ArrayList<>();
        while (stride > 0 ? at < end : at > end) {
            part.add(items.get((int) at));
            if (Math.abs(stride) > size) {
                break;
            }
            at += stride;
        }
        budget.make(8L * part.size(), line);
        if (text) {
            StringBuilder joined = new StringBuilder();
            part.forEach(c -> joined.append(Printer.text(c, budget, line)));
            return Value.of(joined.toString());
        }
        return new Value.Sequence(List.copyOf(part), ((Value.Sequence) target).tuple());
    }

    private static long bound(Value value, long otherwise, int line) {
        if (value instanceof Value.None) {
            return otherwise;
        }
        if (!Numbers.isInteger(value)) {
            throw new TemplateException(line, "a slice has " + Operations.kind(value) + " as a bound");
        }
        return Numbers.integer(value);
    }

    private static long clamp(long bound, Value given, long size, long lowest, long highest) {
        if (given instanceof Value.None) {
            return bound;
        }
        return Math.clamp(bound < 0 ? bound + size : bound, lowest, highest);
    }

    private static void requireDefined(Value target, String name, int line) {
        if (target instanceof Value.Undefined(String what)) {
            throw new TemplateException(line, what + " is undefined, so it has no '" + name + "'");
        }
    }

    private static @Nullable Value entry(Value target, String name) {
        return switch (target) {
            case Value.Mapping(Map<String, Value> entries) -> entries.get(name);
            case Value.Namespace(Map<String, Value> fields) -> fields.get(name);
            default -> null;
        };
    }

    private static Value missing(Value target, String name) {
        return new Value.Undefined("'" + name + "' of " + Operations.kind(target));
    }

    private static @Nullable Value method(Value target, String name) {
        return switch (target) {
            case Value.Str(String text) -> StringMethods.find(text, name);
            case Value.Mapping(Map<String, Value> entries) -> dictionaryMethod(entries, name);
            case Value.Sequence(List<Value> items, boolean unused) -> listMethod(items, name);
            default -> null;
        };
    }

    private static @Nullable Value dictionaryMethod(Map<String, Value> entries, String name) {
        return switch (name) {
            case "items" ->
                new Value.Function(name, a -> {
                    a.require();
                    return items(entries);
                });
            case "keys" ->
                new Value.Function(name, a -> {
                    a.require();
                    return Value.list(entries.keySet().stream().map(Value::of).toList());
                });
            case "values" ->
                new Value.Function(name, a -> {
                    a.require();
                    return Value.list(List.copyOf(entries.values()));
                });
            case "get" ->
                new Value.Function(name, a -> {
                    a.require("key", "default");
                    Value found = a.get(0, "key") instanceof Value.Str(String key) ? entries.get(key) : null;
                    return found == null ? a.get(1, "default", Value.none()) : found;
                });
            case "update", "pop", "clear", "setdefault", "popitem" -> changes("dictionary", name);
            default -> null;
        };
    }

    /** Pairs of key and value. */
    static Value items(Map<String, Value> entries) {
        return Value.list(entries.entrySet().stream()
                .map(entry -> Value.tuple(Value.of(entry.getKey()), entry.getValue()))
                .toList());
    }

    private static @Nullable Value listMethod(List<Value> items, String name) {
        return switch (name) {
            case "index" ->
                new Value.Function(name, a -> {
                    a.require("value");
                    for (int i = 0; i < items.size(); i++) {
                        if (Operations.equal(items.get(i), a.get(0, "value"), a.budget(), a.line())) {
                            return Value.of(i);
                        }
                    }
                    throw a.error("doesn't find its value in the list");
                });
            case "count" ->
                new Value.Function(name, a -> {
                    a.require("value");
                    return Value.of(items.stream()
                            .filter(item -> Operations.equal(item, a.get(0, "value"), a.budget(), a.line()))
                            .count());
                });
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" -> changes("list", name);
            default -> null;
        };
    }

    private static Value changes(String what, String name) {
        return new Value.Function(name, a -> {
            throw a.error("would change a " + what + ", which templates can't; use + and {% set %}");
        });
    }
}
