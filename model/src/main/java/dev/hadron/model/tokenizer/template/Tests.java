package dev.hadron.model.tokenizer.template;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** What stands behind {@code is}. */
final class Tests {
    private static final Map<String, Test> TESTS = Map.ofEntries(
            Map.entry("defined", (v, a) -> !(v instanceof Value.Undefined)),
            Map.entry("undefined", (v, a) -> v instanceof Value.Undefined),
            Map.entry("none", (v, a) -> v instanceof Value.None),
            Map.entry("string", (v, a) -> v instanceof Value.Str),
            Map.entry("number", (v, a) -> Numbers.isNumber(v)),
            Map.entry("integer", (v, a) -> v instanceof Value.Int),
            Map.entry("float", (v, a) -> v instanceof Value.Real),
            Map.entry("boolean", (v, a) -> v instanceof Value.Bool),
            Map.entry("true", (v, a) -> v instanceof Value.Bool(boolean truth) && truth),
            Map.entry("false", (v, a) -> v instanceof Value.Bool(boolean truth) && !truth),
            Map.entry("mapping", (v, a) -> v instanceof Value.Mapping),
            Map.entry("sequence", (v, a) -> hasItems(v)),
            Map.entry("iterable", (v, a) -> hasItems(v)),
            Map.entry("callable", (v, a) -> v instanceof Value.Function),
            Map.entry("odd", (v, a) -> remainder(v, Value.of(2), a) == 1),
            Map.entry("even", (v, a) -> remainder(v, Value.of(2), a) == 0),
            Map.entry("divisibleby", (v, a) -> remainder(v, a.get(0, "num"), a) == 0),
            Map.entry("eq", Tests::equal),
            Map.entry("equalto", Tests::equal),
            Map.entry("sameas", (v, a) -> v.getClass() == a.get(0, "other").getClass() && equal(v, a)),
            Map.entry("ne", (v, a) -> !equal(v, a)),
            Map.entry("lt", (v, a) -> compare(v, a) < 0),
            Map.entry("lessthan", (v, a) -> compare(v, a) < 0),
            Map.entry("le", (v, a) -> compare(v, a) <= 0),
            Map.entry("gt", (v, a) -> compare(v, a) > 0),
            Map.entry("greaterthan", (v, a) -> compare(v, a) > 0),
            Map.entry("ge", (v, a) -> compare(v, a) >= 0),
            Map.entry("in", (v, a) -> Operations.contains(a.get(0, "seq"), v, a.budget(), a.line())),
            Map.entry("lower", (v, a) -> isCased(v, a, false)),
            Map.entry("upper", (v, a) -> isCased(v, a, true)));

    private interface Test {
        boolean test(Value value, Arguments arguments);
    }

    private Tests() {}

    static void requireKnown(String name, int line) {
        if (!TESTS.containsKey(name)) {
            throw new TemplateException(
                    line,
                    "the test '" + name + "' isn't known here; known are "
                            + String.join(", ", new TreeSet<>(TESTS.keySet())));
        }
    }

    static boolean test(String name, Value value, Arguments arguments) {
        requireKnown(name, arguments.line());
        return Objects.requireNonNull(TESTS.get(name)).test(value, arguments);
    }

    private static boolean hasItems(Value value) {
        return value instanceof Value.Sequence
                || value instanceof Value.Str
                || value instanceof Value.Mapping
                || value instanceof Value.Undefined;
    }

    private static long remainder(Value value, Value divisor, Arguments arguments) {
        if (!Numbers.isInteger(value) || !Numbers.isInteger(divisor) || Numbers.integer(divisor) == 0) {
            throw arguments.error(
                    "needs integers, but gets " + Operations.kind(value) + " and " + Operations.kind(divisor));
        }
        return Math.floorMod(Numbers.integer(value), Numbers.integer(divisor));
    }

    private static boolean equal(Value value, Arguments arguments) {
        return Operations.equal(value, arguments.get(0, "other"), arguments.budget(), arguments.line());
    }

    private static int compare(Value value, Arguments arguments) {
        return Operations.compare(value, arguments.get(0, "other"), arguments.budget(), arguments.line());
    }

    private static boolean isCased(Value value, Arguments arguments, boolean upper) {
        String text = Printer.text(value, arguments.budget(), arguments.line());
        boolean cased = text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
        return cased && text.equals(upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT));
    }
}
