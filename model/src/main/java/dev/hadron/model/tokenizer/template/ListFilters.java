package dev.hadron.model.tokenizer.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that go through the items of a value. */
final class ListFilters {
    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("join", ListFilters::join),
            Map.entry("first", (v, a) -> end(items(v, a), true)),
            Map.entry("last", (v, a) -> end(items(v, a), false)),
            Map.entry("list", (v, a) -> Value.list(items(v, a))),
            Map.entry("items", ListFilters::pairs),
            Map.entry("dictsort", ListFilters::sortedPairs),
            Map.entry("map", ListFilters::map),
            Map.entry("select", (v, a) -> select(v, a, false, true)),
            Map.entry("reject", (v, a) -> select(v, a, false, false)),
            Map.entry("selectattr", (v, a) -> select(v, a, true, true)),
            Map.entry("rejectattr", (v, a) -> select(v, a, true, false)),
            Map.entry("sort", ListFilters::sort),
            Map.entry("reverse", ListFilters::reverse),
            Map.entry("unique", ListFilters::unique),
            Map.entry("sum", ListFilters::sum),
            Map.entry("min", (v, a) -> extreme(items(v, a), a, -1)),
            Map.entry("max", (v, a) -> extreme(items(v, a), a, 1)));

    private ListFilters() {}

    private static List<Value> items(Value value, Arguments arguments) {
        return Operations.iterate(value, arguments.budget(), arguments.line());
    }

    private static Value join(Value value, Arguments arguments) {
        arguments.require("d", "attribute");
        Value attribute = arguments.get(1, "attribute", Value.none());
        List<Value> items = items(value, arguments).stream()
                .map(item -> attribute(item, attribute, arguments))
                .toList();
        Value separator = arguments.get(0, "d", Value.of(""));
        return StringMethods.join(
                Printer.text(separator, arguments.budget(), arguments.line()), items, arguments, false);
    }

    private static Value end(List<Value> items, boolean first) {
        if (items.isEmpty()) {
            return new Value.Undefined("an item of an empty list");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Value pairs(Value value, Arguments arguments) {
        return switch (value) {
            case Value.Mapping(Map<String, Value> entries) -> Members.items(entries);
            case Value.Undefined unused -> Value.list(List.of());
            case Value other -> throw arguments.error("needs a dictionary, but gets " + Operations.kind(other));
        };
    }

    private static Value sortedPairs(Value value, Arguments arguments) {
        arguments.require("case_sensitive", "by", "reverse");
        String by = arguments.find(1, "by") == null ? "key" : arguments.string(1, "by");
        return sorted(
                items(pairs(value, arguments), arguments),
                Value.of(by.equals("key") ? 0 : 1),
                arguments.truth(0, "case_sensitive", false),
                arguments.truth(2, "reverse", false),
                arguments);
    }

    /** The value of {@code a.b.0} of an item; the item itself where no attribute is asked for. */
    private static Value attribute(Value item, Value path, Arguments arguments) {
        if (path instanceof Value.None) {
            return item;
        }
        if (!(path instanceof Value.Str(String dotted))) {
            return Members.item(item, path, arguments.line());
        }
        Value value = item;
        for (String part : dotted.split("\\.", -1)) {
            Value index = part.matches("\\d{1,9}") ? Value.of(Long.parseLong(part)) : Value.of(part);
            value = Members.item(value, index, arguments.line());
        }
        return value;
    }

    private static Value map(Value value, Arguments arguments) {
        @Nullable Value attribute = arguments.named().get("attribute");
        @Nullable Value otherwise = arguments.named().get("default");
        List<Value> mapped = new ArrayList<>();
        for (Value item : items(value, arguments)) {
            if (attribute == null) {
                mapped.add(Filters.apply(arguments.string(0, "filter"), item, rest(arguments, 1)));
            } else {
                Value found = attribute(item, attribute, arguments);
                mapped.add(otherwise != null && found instanceof Value.Undefined ? otherwise : found);
            }
        }
        arguments.budget().make(8L * mapped.size(), arguments.line());
        return Value.list(mapped);
    }

    private static Value select(Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
        int test = byAttribute ? 1 : 0;
        Value path = byAttribute ? arguments.get(0, "attribute") : Value.none();
        List<Value> selected = new ArrayList<>();
        for (Value item : items(value, arguments)) {
            arguments.budget().make(1, arguments.line());
            Value tested = attribute(item, path, arguments);
            boolean is = arguments.positional().size() > test
                    ? Tests.test(arguments.string(test, "test"), tested, rest(arguments, test + 1))
                    : Operations.isTrue(tested);
            if (is == wanted) {
                selected.add(item);
            }
        }
        return Value.list(selected);
    }

    private static Arguments rest(Arguments arguments, int from) {
        return new Arguments(
                arguments.callee(),
                arguments.positional().subList(from, arguments.positional().size()),
                arguments.named(),
                arguments.budget(),
                arguments.line());
    }

    private static Value sort(Value value, Arguments arguments) {
        arguments.require("reverse", "case_sensitive", "attribute");
        return sorted(
                items(value, arguments),
                arguments.get(2, "attribute", Value.none()),
                arguments.truth(1, "case_sensitive", false),
                arguments.truth(0, "reverse", false),
                arguments);
    }

    private static Value sorted(
            List<Value> items, Value path, boolean caseSensitive, boolean reverse, Arguments arguments) {
        Comparator<Value> order = (a, b) -> {
            arguments.budget().make(1, arguments.line());
            return Operations.compare(
                    key(attribute(a, path, arguments), caseSensitive),
                    key(attribute(b, path, arguments), caseSensitive),
                    arguments.budget(),
                    arguments.line());
        };
        List<Value> sorted = new ArrayList<>(items);
        sorted.sort(reverse ? order.reversed() : order);
        return Value.list(sorted);
    }

    private static Value key(Value value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Value.Str(String text)
                ? Value.of(text.toLowerCase(Locale.ROOT))
                : value;
    }

    private static Value reverse(Value value, Arguments arguments) {
        arguments.require();
        if (value instanceof Value.Str(String text)) {
            return Value.of(new StringBuilder(text).reverse().toString());
        }
        List<Value> reversed = new ArrayList<>(items(value, arguments));
        Collections.reverse(reversed);
        return Value.list(reversed);
    }

    private static Value unique(Value value, Arguments arguments) {
        arguments.require("case_sensitive", "attribute");
        Value path = arguments.get(1, "attribute", Value.none());
        boolean caseSensitive = arguments.truth(0, "case_sensitive", false);
        List<Value> keys = new ArrayList<>();
        List<Value> unique = new ArrayList<>();
        for (Value item : items(value, arguments)) {
            Value key = key(attribute(item, path, arguments), caseSensitive);
            if (keys.stream().noneMatch(seen -> Operations.equal(seen, key, arguments.budget(), arguments.line()))) {
                keys.add(key);
                unique.add(item);
            }
        }
        return Value.list(unique);
    }

    private static Value sum(Value value, Arguments arguments) {
        arguments.require("attribute", "start");
        Value sum = arguments.get(1, "start", Value.of(0));
        for (Value item : items(value, arguments)) {
            Value number = attribute(item, arguments.get(0, "attribute", Value.none()), arguments);
            sum = Operations.calculate("+", sum, number, arguments.budget(), arguments.line());
        }
        return sum;
    }

    private static Value extreme(List<Value> items, Arguments arguments, int sign) {
        Value best = end(items, true);
        for (Value item : items) {
            int order = Operations.compare(key(item, false), key(best, false), arguments.budget(), arguments.line());
            best = order * sign > 0 ? item : best;
        }
        return best;
    }
}
