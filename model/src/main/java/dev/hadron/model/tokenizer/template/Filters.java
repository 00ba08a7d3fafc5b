package dev.hadron.model.tokenizer.template;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Filters of single values; those of lists are {@link ListFilters}. */
final class Filters {
    private static final Map<String, Filter> SCALARS = Map.ofEntries(
            Map.entry("trim", Filters::trim),
            Map.entry("tojson", JsonText::of),
            Map.entry("upper", (v, a) -> Value.of(text(v, a).toUpperCase(Locale.ROOT))),
            Map.entry("lower", (v, a) -> Value.of(text(v, a).toLowerCase(Locale.ROOT))),
            Map.entry("title", (v, a) -> Value.of(titled(text(v, a)))),
            Map.entry("capitalize", (v, a) -> Value.of(StringMethods.capitalize(text(v, a)))),
            Map.entry("string", (v, a) -> Value.of(text(v, a))),
            Map.entry("safe", (v, a) -> Value.of(text(v, a))),
            Map.entry("replace", (v, a) -> StringMethods.replace(text(v, a), a)),
            Map.entry("indent", Filters::indent),
            Map.entry("length", (v, a) -> Value.of(Operations.length(v, a.line()))),
            Map.entry("count", (v, a) -> Value.of(Operations.length(v, a.line()))),
            Map.entry("default", Filters::otherwise),
            Map.entry("d", Filters::otherwise),
            Map.entry("int", Filters::integer),
            Map.entry("float", Filters::real),
            Map.entry(
                    "abs", (v, a) -> Numbers.compare(number(v, a), Value.of(0)) < 0 ? Numbers.negate(v, a.line()) : v));
    private static final Map<String, Filter> ALL = Stream.of(SCALARS, ListFilters.ALL)
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /** What a filter makes of a value. */
    interface Filter {
        Value apply(Value value, Arguments arguments);
    }

    private Filters() {}

    static void requireKnown(String name, int line) {
        if (!ALL.containsKey(name)) {
            throw new TemplateException(
                    line,
                    "the filter '" + name + "' isn't known here; known are "
                            + String.join(", ", new TreeSet<>(ALL.keySet())));
        }
    }

    static Value apply(String name, Value value, Arguments arguments) {
        requireKnown(name, arguments.line());
        return Objects.requireNonNull(ALL.get(name)).apply(value, arguments);
    }

    private static String text(Value value, Arguments arguments) {
        String text = Printer.text(value, arguments.budget(), arguments.line());
        arguments.budget().make(text.length(), arguments.line());
        return text;
    }

    private static Value number(Value value, Arguments arguments) {
        if (!Numbers.isNumber(value)) {
            throw arguments.error("needs a number, but gets " + Operations.kind(value));
        }
        return value;
    }

    private static Value trim(Value value, Arguments arguments) {
        Value method = Objects.requireNonNull(StringMethods.find(text(value, arguments), "strip"));
        return ((Value.Function) method).body().call(arguments);
    }

    /** Words begin after white space, {@code -} and brackets, unlike those of the method. */
    private static String titled(String text) {
        StringBuilder titled = new StringBuilder();
        boolean begins = true;
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            titled.append(begins ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begins = PythonText.isSpace(c) || "-({[<".indexOf(c) >= 0;
        }
        return titled.toString();
    }

    private static Value indent(Value value, Arguments arguments) {
        arguments.require("width", "first", "blank");
        Value width = arguments.get(0, "width", Value.of(4));
        long spaces = width instanceof Value.Str(String given) ? given.length() : arguments.integer(0, "width", 4);
        arguments.budget().make(spaces, arguments.line());
        String indentation = width instanceof Value.Str(String given) ? given : " ".repeat((int) Math.max(0, spaces));
        boolean blank = arguments.truth(2, "blank", false);
        String[] lines = text(value, arguments).split("\n", -1);
        StringBuilder indented =
                new StringBuilder(arguments.truth(1, "first", false) ? indentation : "").append(lines[0]);
        for (int i = 1; i < lines.length; i++) {
            arguments.budget().make(indentation.length() + (long) lines[i].length(), arguments.line());
            indented.append('\n')
                    .append(blank || !lines[i].isEmpty() ? indentation : "")
                    .append(lines[i]);
        }
        return Value.of(indented.toString());
    }

    private static Value otherwise(Value value, Arguments arguments) {
        arguments.require("default_value", "boolean");
        boolean missing =
                value instanceof Value.Undefined || (arguments.truth(1, "boolean", false) && !Operations.isTrue(value));
        return missing ? arguments.get(0, "default_value", Value.of("")) : value;
    }

    private static Value integer(Value value, Arguments arguments) {
        arguments.require("default");
        return switch (value) {
            case Value.Int unused -> value;
            case Value.Bool(boolean truth) -> Value.of(truth ? 1 : 0);
            case Value.Real(double number) when Math.abs(number) < Long.MAX_VALUE -> Value.of((long) number);
            case Value.Str(String text) when isNumber(text) -> Value.of((long) Double.parseDouble(text.strip()));
            default -> arguments.get(0, "default", Value.of(0));
        };
    }

    private static Value real(Value value, Arguments arguments) {
        arguments.require("default");
        return switch (value) {
            case Value.Str(String text) when isNumber(text) -> new Value.Real(Double.parseDouble(text.strip()));
            case Value other when Numbers.isNumber(other) -> new Value.Real(Numbers.real(other));
            default -> arguments.get(0, "default", new Value.Real(0));
        };
    }

    private static boolean isNumber(String text) {
        return text.strip().matches("[-+]?(\\d{1,15}(\\.\\d{0,15})?|\\.\\d{1,15})([eE][-+]?\\d{1,3})?");
    }
}
