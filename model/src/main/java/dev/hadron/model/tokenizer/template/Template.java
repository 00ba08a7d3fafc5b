package dev.hadron.model.tokenizer.template;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/**
 * A chat template, parsed.
 *
 * <p>Known are text, comments, <code>{{ }}</code> and the tags {@code if}, {@code for} (with {@code if}, {@code else}, {@code break},
 * {@code continue} and {@code loop}), {@code set} (also of a block or a namespace's field), {@code macro}, {@code filter},
 * {@code generation} and {@code raw}; all operators of Jinja but {@code %} on strings; the functions {@code range}, {@code namespace},
 * {@code dict}, {@code raise_exception} and {@code strftime_now}; and the filters, tests and methods that chat templates use. White space
 * is treated as Transformers has it: {@code trim_blocks} and {@code lstrip_blocks}.
 *
 * <p>Immutable; any thread may render.
 */
public final class Template {
    private static final int LARGEST_SOURCE = 1 << 20;

    /** As in Jinja's sandbox. */
    private static final long LONGEST_RANGE = 100_000;

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException naming the line, when it isn't one or uses what isn't known
     */
    public static Template parse(String source) {
        if (source.length() > LARGEST_SOURCE) {
            throw new TemplateException(
                    1, "it has " + source.length() + " characters, more than the " + LARGEST_SOURCE + " that are read");
        }
        return new Template(new StatementParser(new Tokens(Lexer.tokens(source))).template());
    }

    /**
     * Renders the template.
     *
     * @param variables that it sees, by name
     * @param now what {@code strftime_now} tells
     * @throws TemplateException naming the line, when it raises an exception, does what can't be done, or takes too long
     */
    public String render(Map<String, JsonNode> variables, LocalDateTime now) {
        Scope globals = new Scope(null);
        globals.set("range", new Value.Function("range", Template::range));
        globals.set("namespace", new Value.Function("namespace", a -> new Value.Namespace(fields(a))));
        globals.set("dict", new Value.Function("dict", a -> new Value.Mapping(fields(a))));
        globals.set("raise_exception", new Value.Function("raise_exception", a -> {
            String message = Printer.text(a.get(0, "message"), a.budget(), a.line());
            throw new TemplateException(a.line(), "the template refuses the conversation: " + message);
        }));
        globals.set("strftime_now", new Value.Function("strftime_now", a -> {
            a.require("format");
            return Value.of(Strftime.format(now, a.string(0, "format"), a));
        }));
        Scope scope = new Scope(globals);
        variables.forEach((name, value) -> scope.set(name, Value.of(value)));
        return new Renderer(new Budget()).text(statements, scope);
    }

    private static Map<String, Value> fields(Arguments arguments) {
        Map<String, Value> fields = new LinkedHashMap<>();
        for (Value positional : arguments.positional()) {
            if (!(positional instanceof Value.Mapping(Map<String, Value> entries))) {
                throw arguments.error("takes dictionaries and names, but gets " + Operations.kind(positional));
            }
            fields.putAll(entries);
        }
        fields.putAll(arguments.named());
        return fields;
    }

    private static Value range(Arguments arguments) {
        arguments.require("start", "stop", "step");
        boolean one = arguments.positional().size() == 1;
        long start = one ? 0 : arguments.integer(0, "start", 0);
        long stop = arguments.integer(one ? 0 : 1, "stop", 0);
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw arguments.error("has a step of zero");
        }
        double size = Math.ceil(((double) stop - start) / step);
        if (size > LONGEST_RANGE) {
            throw arguments.error("is longer than " + LONGEST_RANGE);
        }
        arguments.budget().make(8 * (long) Math.max(0, size), arguments.line());
        return Value.list(LongStream.range(0, (long) Math.max(0, size))
                .mapToObj(i -> Value.of(start + i * step))
                .toList());
    }
}
