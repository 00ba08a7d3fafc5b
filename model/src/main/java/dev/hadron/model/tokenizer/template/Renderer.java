package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Statement.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs statements, once. */
final class Renderer {
    private final Budget budget;
    private final Evaluator evaluator;

    /** How a body ends. */
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    Renderer(Budget budget) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
    }

    String text(List<Statement> body, Scope scope) {
        StringBuilder out = new StringBuilder();
        run(body, scope, out);
        return out.toString();
    }

    private End run(List<Statement> body, Scope scope, StringBuilder out) {
        for (Statement statement : body) {
            budget.enter(statement.line());
            End end = run(statement, scope, out);
            budget.leave();
            if (end != End.REACHED) {
                return end;
            }
        }
        return End.REACHED;
    }

    private End run(Statement statement, Scope scope, StringBuilder out) {
        int line = statement.line();
        switch (statement) {
            case Statement.Text(String text, int unused) -> write(text, out, line);
            case Statement.Output(Expression expression, int unused) ->
                write(Printer.text(evaluator.evaluate(expression, scope), budget, line), out, line);
            case Statement.If choice -> {
                return run(chosen(choice, scope), scope, out);
            }
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Set(Target target, Expression value, int unused) ->
                assign(target, evaluator.evaluate(value, scope), scope, line);
            case Statement.SetBlock(Target target, List<Statement> body, @Nullable Expression filter, int unused) ->
                assign(target, filtered(body, filter, scope), scope, line);
            case Statement.FilterBlock(Expression filter, List<Statement> body, int unused) ->
                write(Printer.text(filtered(body, filter, scope), budget, line), out, line);
            case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
            case Statement.Block(List<Statement> body, int unused) -> {
                return run(body, new Scope(scope), out);
            }
            case Statement.Jump(boolean leave, int unused) -> {
                return leave ? End.BREAK : End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private void write(String text, StringBuilder out, int line) {
        budget.make(text.length(), line);
        out.append(text);
        if (out.length() > Budget.MOST_CHARACTERS) {
            throw new TemplateException(line, "it writes more than " + Budget.MOST_CHARACTERS + " characters");
        }
    }

    private List<Statement> chosen(Statement.If choice, Scope scope) {
        for (int i = 0; i < choice.tests().size(); i++) {
            if (evaluator.isTrue(choice.tests().get(i), scope)) {
                return choice.bodies().get(i);
            }
        }
        return choice.otherwise();
    }

    private Value filtered(List<Statement> body, @Nullable Expression filter, Scope scope) {
        Value text = Value.of(text(body, new Scope(scope)));
        return filter == null ? text : evaluator.evaluate(filter, scope.withPiped(text));
    }

    private void loop(Statement.For loop, Scope scope, StringBuilder out) {
        List<Value> items = Operations.iterate(evaluator.evaluate(loop.over(), scope), budget, loop.line());
        Expression condition = loop.condition();
        if (condition != null) {
            List<Value> kept = new ArrayList<>();
            for (Value item : items) {
                Scope inner = new Scope(scope);
                assign(loop.target(), item, inner, loop.line());
                if (evaluator.isTrue(condition, inner)) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        for (int i = 0; i < items.size(); i++) {
            Scope inner = new Scope(scope);
            inner.set("loop", loopVariable(items, i));
            assign(loop.target(), items.get(i), inner, loop.line());
            if (run(loop.body(), inner, out) == End.BREAK) {
                break;
            }
        }
        if (items.isEmpty()) {
            run(loop.otherwise(), new Scope(scope), out);
        }
    }

    private static Value loopVariable(List<Value> items, int index) {
        int size = items.size();
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("index", Value.of(index + 1L));
        fields.put("index0", Value.of(index));
        fields.put("revindex", Value.of(size - (long) index));
        fields.put("revindex0", Value.of(size - index - 1L));
        fields.put("first", Value.of(index == 0));
        fields.put("last", Value.of(index == size - 1));
        fields.put("length", Value.of(size));
        fields.put("previtem", index == 0 ? new Value.Undefined("the item before the first") : items.get(index - 1));
        fields.put(
                "nextitem", index == size - 1 ? new Value.Undefined("the item after the last") : items.get(index + 1));
        fields.put("cycle", new Value.Function("loop.cycle", arguments -> {
            if (arguments.positional().isEmpty()) {
                throw arguments.error("has nothing to go through");
            }
            return arguments.positional().get(index % arguments.positional().size());
        }));
        return new Value.Namespace(Map.copyOf(fields));
    }

    private void assign(Target target, Value value, Scope scope, int line) {
        String name = target.names().getFirst();
        String field = target.field();
        if (field != null) {
            if (!(scope.get(name) instanceof Value.Namespace(Map<String, Value> fields))
                    || fields.containsKey("revindex0")) {
                throw new TemplateException(line, "'" + name + "' isn't a namespace, so its fields can't be set");
            }
            fields.put(field, value);
        } else if (target.unpacks()) {
            List<Value> items = Operations.iterate(value, budget, line);
            if (items.size() != target.names().size()) {
                throw new TemplateException(
                        line,
                        "a sequence of " + items.size() + " is taken apart into "
                                + target.names().size() + " variables");
            }
            for (int i = 0; i < items.size(); i++) {
                scope.set(target.names().get(i), items.get(i));
            }
        } else {
            scope.set(name, value);
        }
    }

    private Value function(Statement.Macro macro, Scope definedIn) {
        int required = macro.parameters().size() - macro.defaults().size();
        return new Value.Function(macro.name(), arguments -> {
            arguments.require(macro.parameters().toArray(String[]::new));
            Scope scope = new Scope(definedIn);
            for (int i = 0; i < macro.parameters().size(); i++) {
                String name = macro.parameters().get(i);
                Value given = arguments.find(i, name);
                scope.set(
                        name,
                        given != null
                                ? given
                                : i < required
                                        ? new Value.Undefined("'" + name + "'")
                                        : evaluator.evaluate(macro.defaults().get(i - required), scope));
            }
            return Value.of(text(macro.body(), scope));
        });
    }
}
