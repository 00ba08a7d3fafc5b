package dev.hadron.model.tokenizer.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The filter {@code tojson}: what Python's {@code json.dumps} writes, by default with characters beyond ASCII as they are. */
final class JsonText {
    private final Arguments arguments;
    private final boolean ascii;
    private final boolean sorted;
    private final long indent;
    private final String between;
    private final String afterKey;
    private final StringBuilder out = new StringBuilder();

    private JsonText(Arguments arguments) {
        arguments.require("ensure_ascii", "indent", "separators", "sort_keys");
        this.arguments = arguments;
        this.ascii = arguments.truth(0, "ensure_ascii", false);
        this.indent =
                arguments.get(1, "indent", Value.none()) instanceof Value.None ? -1 : arguments.integer(1, "indent", 0);
        this.sorted = arguments.truth(3, "sort_keys", false);
        Value separators = arguments.get(2, "separators", Value.none());
        if (separators instanceof Value.Sequence(List<Value> pair, boolean unused)
                && pair.size() == 2
                && pair.get(0) instanceof Value.Str(String item)
                && pair.get(1) instanceof Value.Str(String key)) {
            this.between = item;
            this.afterKey = key;
        } else if (separators instanceof Value.None) {
            this.between = indent < 0 ? ", " : ",";
            this.afterKey = ": ";
        } else {
            throw arguments.error("needs two strings as 'separators', but gets " + Operations.kind(separators));
        }
    }

    static Value of(Value value, Arguments arguments) {
        JsonText json = new JsonText(arguments);
        json.write(value, 1);
        return Value.of(json.out.toString());
    }

    private void write(Value value, int level) {
        arguments.budget().enter(arguments.line());
        int before = out.length();
        switch (value) {
            case Value.None unused -> out.append("null");
            case Value.Bool(boolean truth) -> out.append(truth);
            case Value.Int(long number) -> out.append(number);
            case Value.Real(double number) ->
                out.append(
                        Double.isNaN(number)
                                ? "NaN"
                                : Double.isInfinite(number)
                                        ? (number > 0 ? "Infinity" : "-Infinity")
                                        : PythonText.real(number));
            case Value.Str(String text) -> string(text);
            case Value.Sequence(List<Value> items, boolean unused) -> {
                Iterator<Value> next = items.iterator();
                container('[', ']', level, next, () -> write(next.next(), level + 1));
            }
            case Value.Mapping(Map<String, Value> entries) -> {
                Map<String, Value> ordered = sorted ? new TreeMap<>(entries) : entries;
                Iterator<Map.Entry<String, Value>> next = ordered.entrySet().iterator();
                container('{', '}', level, next, () -> {
                    Map.Entry<String, Value> entry = next.next();
                    string(entry.getKey());
                    out.append(afterKey);
                    write(entry.getValue(), level + 1);
                });
            }
            case Value.Undefined unused -> throw unwritable(value);
            case Value.Namespace unused -> throw unwritable(value);
            case Value.Function unused -> throw unwritable(value);
        }
        arguments.budget().make(out.length() - before, arguments.line());
        arguments.budget().leave();
    }

    private void container(char open, char close, int level, Iterator<?> items, Runnable item) {
        out.append(open);
        if (items.hasNext()) {
            newLine(level);
            item.run();
            while (items.hasNext()) {
                out.append(between);
                newLine(level);
                item.run();
            }
            newLine(level - 1);
        }
        out.append(close);
    }

    private void newLine(int level) {
        if (indent >= 0) {
            arguments.budget().make(indent > Budget.MOST_CHARACTERS ? indent : indent * level, arguments.line());
            out.append('\n').append(" ".repeat((int) indent * level));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private TemplateException unwritable(Value value) {
        return arguments.error("can't write " + Operations.kind(value));
    }
}
