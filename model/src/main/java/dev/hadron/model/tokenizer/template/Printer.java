package dev.hadron.model.tokenizer.template;

import java.util.List;
import java.util.Map;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Printer {
    private final Budget budget;
    private final int line;
    private final StringBuilder out = new StringBuilder();

    private Printer(Budget budget, int line) {
        this.budget = budget;
        this.line = line;
    }

    /** {@code str(value)}: what output writes. */
    static String text(Value value, Budget budget, int line) {
        return switch (value) {
            case Value.Str(String text) -> text;
            case Value.Undefined unused -> "";
            default -> {
                Printer printer = new Printer(budget, line);
                printer.print(value);
                yield printer.out.toString();
            }
        };
    }

    private void print(Value value) {
        budget.enter(line);
        int before = out.length();
        switch (value) {
            case Value.None unused -> out.append("None");
            case Value.Undefined unused -> out.append("Undefined");
            case Value.Bool(boolean truth) -> out.append(truth ? "True" : "False");
            case Value.Int(long number) -> out.append(number);
            case Value.Real(double number) -> out.append(PythonText.real(number));
            case Value.Str(String text) -> out.append(PythonText.quoted(text));
            case Value.Sequence(List<Value> items, boolean tuple) -> {
                out.append(tuple ? '(' : '[');
                for (int i = 0; i < items.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    print(items.get(i));
                }
                out.append(tuple && items.size() == 1 ? "," : "").append(tuple ? ')' : ']');
            }
            case Value.Mapping(Map<String, Value> entries) -> {
                out.append('{');
                boolean first = true;
                for (Map.Entry<String, Value> entry : entries.entrySet()) {
                    out.append(first ? "" : ", ")
                            .append(PythonText.quoted(entry.getKey()))
                            .append(": ");
                    print(entry.getValue());
                    first = false;
                }
                out.append('}');
            }
            case Value.Namespace unused ->
                throw new TemplateException(line, "a namespace is written out; write one of its fields");
            case Value.Function(String name, Value.Function.Body unused) ->
                throw new TemplateException(line, "the function " + name + " is written out; call it");
        }
        budget.make(out.length() - before, line);
        budget.leave();
    }
}
