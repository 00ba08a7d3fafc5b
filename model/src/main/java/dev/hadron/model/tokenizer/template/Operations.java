package dev.hadron.model.tokenizer.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What Python does with values of any kind: truth, equality, order, iteration. */
final class Operations {
    private Operations() {}

    /** As messages call it. */
    static String kind(Value value) {
        return switch (value) {
            case Value.None unused -> "none";
            case Value.Undefined(String what) -> what + ", which is undefined";
            case Value.Bool unused -> "a truth value";
            case Value.Int unused -> "an integer";
            case Value.Real unused -> "a float";
            case Value.Str unused -> "a string";
            case Value.Sequence(List<Value> unused, boolean tuple) -> tuple ? "a tuple" : "a list";
            case Value.Mapping unused -> "a dictionary";
            case Value.Namespace unused -> "a namespace";
            case Value.Function(String name, Value.Function.Body unused) -> "the function " + name;
        };
    }

    static boolean isTrue(Value value) {
        return switch (value) {
            case Value.None unused -> false;
            case Value.Undefined unused -> false;
            case Value.Bool(boolean truth) -> truth;
            case Value.Int(long number) -> number != 0;
            case Value.Real(double number) -> number != 0;
            case Value.Str(String text) -> !text.isEmpty();
            case Value.Sequence(List<Value> items, boolean unused) -> !items.isEmpty();
            case Value.Mapping(Map<String, Value> entries) -> !entries.isEmpty();
            case Value.Namespace unused -> true;
            case Value.Function unused -> true;
        };
    }

    @SuppressWarnings("ReferenceEquality") // namespaces and functions are equal to themselves only
    static boolean equal(Value left, Value right, Budget budget, int line) {
        budget.enter(line);
        try {
            if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
                return Numbers.compare(left, right) == 0;
            }
            return switch (left) {
                case Value.None unused -> right instanceof Value.None;
                case Value.Undefined unused -> right instanceof Value.Undefined;
                case Value.Str(String text) -> right instanceof Value.Str(String other) && text.equals(other);
                case Value.Sequence(List<Value> items, boolean tuple) ->
                    right instanceof Value.Sequence(List<Value> others, boolean otherTuple)
                            && tuple == otherTuple
                            && equalItems(items, others, budget, line);
                case Value.Mapping(Map<String, Value> entries) ->
                    right instanceof Value.Mapping(Map<String, Value> others)
                            && equalEntries(entries, others, budget, line);
                case Value.Bool unused -> false;
                case Value.Int unused -> false;
                case Value.Real unused -> false;
                case Value.Namespace unused -> left == right;
                case Value.Function unused -> left == right;
            };
        } finally {
            budget.leave();
        }
    }

    private static boolean equalItems(List<Value> items, List<Value> others, Budget budget, int line) {
        if (items.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            if (!equal(items.get(i), others.get(i), budget, line)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalEntries(
            Map<String, Value> entries, Map<String, Value> others, Budget budget, int line) {
        if (entries.size() != others.size()) {
            return false;
        }
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            Value other = others.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, budget, line)) {
                return false;
            }
        }
        return true;
    }

    /** Negative, zero or positive. */
    static int compare(Value left, Value right, Budget budget, int line) {
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof Value.Str(String a) && right instanceof Value.Str(String b)) {
            budget.make(Math.min(a.length(), b.length()), line);
            return compareCodePoints(a, b);
        }
        if (left instanceof Value.Sequence(List<Value> a, boolean x)
                && right instanceof Value.Sequence(List<Value> b, boolean y)
                && x == y) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i), budget, line)) {
                    budget.enter(line);
                    int order = compare(a.get(i), b.get(i), budget, line);
                    budget.leave();
                    return order;
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw new TemplateException(line, "there is no order of " + kind(left) + " and " + kind(right));
    }

    /** The order of UTF-16 differs beyond U+FFFF. */
    private static int compareCodePoints(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        if (i == a.length() || i == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        char x = a.charAt(i);
        char y = b.charAt(i);
        return Character.isSurrogate(x) == Character.isSurrogate(y)
                ? Character.compare(x, y)
                : Character.isSurrogate(x) ? 1 : -1;
    }

    static boolean contains(Value container, Value item, Budget budget, int line) {
        return switch (container) {
            case Value.Str(String text) -> {
                if (!(item instanceof Value.Str(String part))) {
                    throw new TemplateException(line, "'in' looks for " + kind(item) + " in a string");
                }
                budget.make(text.length(), line);
                yield text.contains(part);
            }
            case Value.Mapping(Map<String, Value> entries) ->
                item instanceof Value.Str(String key) && entries.containsKey(key);
            default -> iterate(container, budget, line).stream().anyMatch(other -> equal(other, item, budget, line));
        };
    }

    /** The items that a loop goes over: of a dictionary its keys, of a string its characters. */
    static List<Value> iterate(Value value, Budget budget, int line) {
        return switch (value) {
            case Value.Undefined unused -> List.of();
            case Value.Sequence(List<Value> items, boolean unused) -> items;
            case Value.Mapping(Map<String, Value> entries) ->
                entries.keySet().stream().map(Value::of).toList();
            case Value.Str(String text) -> {
                budget.make(8L * text.length(), line);
                yield text.codePoints()
                        .mapToObj(c -> Value.of(Character.toString(c)))
                        .toList();
            }
            case Value.None unused -> throw notIterable(value, line);
            case Value.Bool unused -> throw notIterable(value, line);
            case Value.Int unused -> throw notIterable(value, line);
            case Value.Real unused -> throw notIterable(value, line);
            case Value.Namespace unused -> throw notIterable(value, line);
            case Value.Function unused -> throw notIterable(value, line);
        };
    }

    /** What {@code length} counts. */
    static long length(Value value, int line) {
        return switch (value) {
            case Value.Undefined unused -> 0;
            case Value.Str(String text) -> PythonText.length(text);
            case Value.Sequence(List<Value> items, boolean unused) -> items.size();
            case Value.Mapping(Map<String, Value> entries) -> entries.size();
            default -> throw new TemplateException(line, kind(value) + " has no length");
        };
    }

    /** Arithmetic, and what {@code +} and {@code *} do with strings and lists. */
    static Value calculate(String operator, Value left, Value right, Budget budget, int line) {
        if (operator.equals("~")) {
            return concatenated(Printer.text(left, budget, line), Printer.text(right, budget, line), budget, line);
        }
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.calculate(operator, left, right, line);
        }
        if (operator.equals("+") && left instanceof Value.Str(String a) && right instanceof Value.Str(String b)) {
            return concatenated(a, b, budget, line);
        }
        if (operator.equals("+")
                && left instanceof Value.Sequence(List<Value> a, boolean x)
                && right instanceof Value.Sequence(List<Value> b, boolean y)
                && x == y) {
            budget.make(8L * (a.size() + b.size()), line);
            List<Value> joined = new ArrayList<>(a);
            joined.addAll(b);
            return new Value.Sequence(Collections.unmodifiableList(joined), x);
        }
        if (operator.equals("*") && left instanceof Value.Str(String text) && Numbers.isInteger(right)) {
            long times = Math.max(0, Numbers.integer(right));
            budget.make(
                    text.isEmpty()
                            ? 0
                            : Math.multiplyHigh(times, text.length()) != 0 ? Long.MAX_VALUE : times * text.length(),
                    line);
            return Value.of(text.isEmpty() ? "" : text.repeat((int) times));
        }
        throw new TemplateException(
                line, "'" + operator + "' isn't known here for " + kind(left) + " and " + kind(right));
    }

    private static Value concatenated(String a, String b, Budget budget, int line) {
        budget.make((long) a.length() + b.length(), line);
        return Value.of(a + b);
    }

    private static TemplateException notIterable(Value value, int line) {
        return new TemplateException(line, kind(value) + " can't be gone through");
    }
}
