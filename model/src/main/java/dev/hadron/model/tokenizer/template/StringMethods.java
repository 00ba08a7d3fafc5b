package dev.hadron.model.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's strings. */
final class StringMethods {
    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("strip", (text, a) -> strip(text, a, true, true)),
            Map.entry("lstrip", (text, a) -> strip(text, a, true, false)),
            Map.entry("rstrip", (text, a) -> strip(text, a, false, true)),
            Map.entry("split", (text, a) -> split(text, a, false)),
            Map.entry("rsplit", (text, a) -> split(text, a, true)),
            Map.entry("splitlines", StringMethods::splitLines),
            Map.entry("startswith", (text, a) -> affix(a, text::startsWith)),
            Map.entry("endswith", (text, a) -> affix(a, text::endsWith)),
            Map.entry("replace", StringMethods::replace),
            Map.entry("upper", (text, a) -> plain(a, text.toUpperCase(Locale.ROOT))),
            Map.entry("lower", (text, a) -> plain(a, text.toLowerCase(Locale.ROOT))),
            Map.entry("title", (text, a) -> plain(a, PythonText.title(text))),
            Map.entry("capitalize", (text, a) -> plain(a, capitalize(text))),
            Map.entry("removeprefix", (text, a) -> {
                a.require("prefix");
                String prefix = a.string(0, "prefix");
                return Value.of(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
            }),
            Map.entry("removesuffix", (text, a) -> {
                a.require("suffix");
                String suffix = a.string(0, "suffix");
                return Value.of(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
            }),
            Map.entry("find", (text, a) -> {
                a.require("sub");
                return index(text, text.indexOf(a.string(0, "sub")));
            }),
            Map.entry("rfind", (text, a) -> {
                a.require("sub");
                return index(text, text.lastIndexOf(a.string(0, "sub")));
            }),
            Map.entry("count", (text, a) -> {
                a.require("sub");
                String part = a.string(0, "sub");
                return Value.of(
                        part.isEmpty()
                                ? PythonText.length(text) + 1L
                                : pieces(text, part, -1).size() - 1L);
            }),
            Map.entry("join", (text, a) -> {
                a.require("iterable");
                return join(text, Operations.iterate(a.get(0, "iterable"), a.budget(), a.line()), a, true);
            }),
            Map.entry("isdigit", (text, a) -> all(text, a, Character::isDigit)),
            Map.entry("isalpha", (text, a) -> all(text, a, Character::isLetter)),
            Map.entry("isspace", (text, a) -> all(text, a, PythonText::isSpace)));

    private static final String LINE_BREAK = "\\r\\n|[\\n\\r\\x0b\\f\\x1c-\\x1e\\x85\\u2028\\u2029]";

    private interface Method {
        Value call(String text, Arguments arguments);
    }

    private StringMethods() {}

    static @Nullable Value find(String text, String name) {
        Method method = METHODS.get(name);
        return method == null
                ? null
                : new Value.Function(name, arguments -> {
                    arguments.budget().make(text.length(), arguments.line());
                    return method.call(text, arguments);
                });
    }

    static Value join(String separator, List<Value> items, Arguments arguments, boolean stringsOnly) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            if (stringsOnly && !(items.get(i) instanceof Value.Str)) {
                throw arguments.error("joins strings, but item " + i + " is " + Operations.kind(items.get(i)));
            }
            String text = Printer.text(items.get(i), arguments.budget(), arguments.line());
            arguments.budget().make((long) separator.length() + text.length(), arguments.line());
            joined.append(i == 0 ? "" : separator).append(text);
            arguments.budget().make(joined.length() > Budget.MOST_CHARACTERS ? joined.length() : 0, arguments.line());
        }
        return Value.of(joined.toString());
    }

    static Value replace(String text, Arguments arguments) {
        arguments.require("old", "new", "count");
        String old = arguments.string(0, "old");
        String replacement = arguments.string(1, "new");
        long count =
                arguments.get(2, "count", Value.none()) instanceof Value.None ? -1 : arguments.integer(2, "count", -1);
        List<String> pieces = old.isEmpty() ? between(text, count) : pieces(text, old, count);
        arguments.budget().make(text.length() + (long) replacement.length() * (pieces.size() - 1), arguments.line());
        return Value.of(String.join(replacement, pieces));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return Character.toString(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static Value plain(Arguments arguments, String result) {
        arguments.require();
        return Value.of(result);
    }

    private static Value strip(String text, Arguments arguments, boolean left, boolean right) {
        arguments.require("chars");
        IntPredicate which = PythonText::isSpace;
        if (!(arguments.get(0, "chars", Value.none()) instanceof Value.None)) {
            String characters = arguments.string(0, "chars");
            arguments.budget().make(8L * characters.length(), arguments.line());
            which = c -> characters.indexOf(c) >= 0;
        }
        return Value.of(PythonText.strip(text, which, left, right));
    }

    private static Value affix(Arguments arguments, Predicate<String> test) {
        arguments.require("affix");
        return switch (arguments.get(0, "affix")) {
            case Value.Str(String affix) -> Value.of(test.test(affix));
            case Value.Sequence(List<Value> affixes, boolean tuple)
            when tuple ->
                Value.of(affixes.stream().anyMatch(affix -> affix instanceof Value.Str(String one) && test.test(one)));
            case Value other -> throw arguments.error("needs a string, but gets " + Operations.kind(other));
        };
    }

    private static Value index(String text, int utf16) {
        return Value.of(utf16 < 0 ? -1 : text.codePointCount(0, utf16));
    }

    private static Value all(String text, Arguments arguments, IntPredicate test) {
        arguments.require();
        return Value.of(!text.isEmpty() && text.codePoints().allMatch(test));
    }

    private static Value splitLines(String text, Arguments arguments) {
        arguments.require();
        List<Value> lines = new ArrayList<>();
        for (String line : text.split(LINE_BREAK, -1)) {
            lines.add(Value.of(line));
        }
        if (lines.getLast() instanceof Value.Str(String last) && last.isEmpty()) {
            lines.removeLast();
        }
        return Value.list(lines);
    }

    private static Value split(String text, Arguments arguments, boolean fromRight) {
        arguments.require("sep", "maxsplit");
        long most = arguments.integer(1, "maxsplit", -1);
        List<String> pieces;
        if (arguments.get(0, "sep", Value.none()) instanceof Value.None) {
            if (most >= 0) {
                throw arguments.error("isn't known here with 'maxsplit' but without 'sep'");
            }
            pieces = words(text);
        } else {
            String separator = arguments.string(0, "sep");
            if (separator.isEmpty()) {
                throw arguments.error("needs a 'sep' that isn't empty");
            }
            pieces = fromRight ? piecesFromRight(text, separator, most) : pieces(text, separator, most);
        }
        return Value.list(pieces.stream().map(Value::of).toList());
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (!PythonText.isSpace(c)) {
                word.appendCodePoint(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    private static List<String> pieces(String text, String separator, long most) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && (most < 0 || pieces.size() < most); ) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private static List<String> piecesFromRight(String text, String separator, long most) {
        List<String> pieces = new ArrayList<>();
        int to = text.length();
        while (most < 0 || pieces.size() < most) {
            int at = text.lastIndexOf(separator, to - separator.length());
            if (at < 0 || to < separator.length()) {
                break;
            }
            pieces.addFirst(text.substring(at + separator.length(), to));
            to = at;
        }
        pieces.addFirst(text.substring(0, to));
        return pieces;
    }

    /** Where an empty string is found: before each character and at the end. */
    private static List<String> between(String text, long most) {
        List<String> pieces = new ArrayList<>(List.of(""));
        int at = 0;
        while (at < text.length() && (most < 0 || pieces.size() < most)) {
            int next = text.offsetByCodePoints(at, 1);
            pieces.add(text.substring(at, next));
            at = next;
        }
        pieces.add(text.substring(at));
        return most == 0 ? List.of(text) : pieces;
    }
}
