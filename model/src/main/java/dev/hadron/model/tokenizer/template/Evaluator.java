package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Expression.CallArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the value of expressions. */
final class Evaluator {
    private final Budget budget;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.enter(expression.line());
        Value value = valueOf(expression, scope);
        budget.leave();
        return value;
    }

    boolean isTrue(Expression expression, Scope scope) {
        return Operations.isTrue(evaluate(expression, scope));
    }

    private Value valueOf(Expression expression, Scope scope) {
        int line = expression.line();
        return switch (expression) {
            case Expression.Literal(Value value, int unused) -> value;
            case Expression.Name(String name, int unused) -> scope.get(name);
            case Expression.ListOf(List<Expression> items, boolean tuple, int unused) ->
                new Value.Sequence(evaluateAll(items, scope), tuple);
            case Expression.DictOf dictionary -> dictionary(dictionary, scope);
            case Expression.Attribute(Expression target, String name, int unused) ->
                Members.attribute(evaluate(target, scope), name, line);
            case Expression.Item(Expression target, Expression index, int unused) ->
                Members.item(evaluate(target, scope), evaluate(index, scope), line);
            case Expression.Slice slice ->
                Members.slice(
                        evaluate(slice.target(), scope),
                        bound(slice.from(), scope),
                        bound(slice.to(), scope),
                        bound(slice.step(), scope),
                        budget,
                        line);
            case Expression.Call(Expression target, CallArguments given, int unused) ->
                call(target, given, scope, line);
            case Expression.Filter(Expression target, String name, CallArguments given, int unused) ->
                Filters.apply(
                        name, evaluate(target, scope), arguments("the filter '" + name + "'", given, scope, line));
            case Expression.Test(Expression target, String name, CallArguments given, int unused) ->
                Value.of(Tests.test(
                        name, evaluate(target, scope), arguments("the test '" + name + "'", given, scope, line)));
            case Expression.Sign(String operator, Expression operand, int unused) ->
                sign(operator, evaluate(operand, scope), line);
            case Expression.Not(Expression operand, int unused) -> Value.of(!isTrue(operand, scope));
            case Expression.Binary(String operator, Expression left, Expression right, int unused) ->
                Operations.calculate(operator, evaluate(left, scope), evaluate(right, scope), budget, line);
            case Expression.Logic(boolean and, Expression left, Expression right, int unused) -> {
                Value first = evaluate(left, scope);
                yield Operations.isTrue(first) == and ? evaluate(right, scope) : first;
            }
            case Expression.Compare compare -> Value.of(compare(compare, scope));
            case Expression.Conditional(Expression test, Expression then, @Nullable Expression otherwise, int unused) ->
                isTrue(test, scope)
                        ? evaluate(then, scope)
                        : otherwise == null
                                ? new Value.Undefined("the value of an 'if' without 'else'")
                                : evaluate(otherwise, scope);
        };
    }

    private List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return List.copyOf(values);
    }

    private Value bound(@Nullable Expression expression, Scope scope) {
        return expression == null ? Value.none() : evaluate(expression, scope);
    }

    private Value dictionary(Expression.DictOf dictionary, Scope scope) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < dictionary.keys().size(); i++) {
            Value key = evaluate(dictionary.keys().get(i), scope);
            if (!(key instanceof Value.Str(String name))) {
                throw new TemplateException(
                        dictionary.line(),
                        "a dictionary has " + Operations.kind(key) + " as a key; only strings are known here");
            }
            entries.put(name, evaluate(dictionary.values().get(i), scope));
        }
        return new Value.Mapping(entries);
    }

    private Value call(Expression target, CallArguments given, Scope scope, int line) {
        Value called = evaluate(target, scope);
        if (!(called instanceof Value.Function(String name, Value.Function.Body body))) {
            throw new TemplateException(line, "it calls " + Operations.kind(called));
        }
        return body.call(arguments("'" + name + "'", given, scope, line));
    }

    private Arguments arguments(String callee, CallArguments given, Scope scope, int line) {
        Map<String, Value> named = new LinkedHashMap<>();
        given.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        return new Arguments(callee, evaluateAll(given.positional(), scope), named, budget, line);
    }

    private static Value sign(String operator, Value value, int line) {
        if (!Numbers.isNumber(value)) {
            throw new TemplateException(line, "'" + operator + "' stands before " + Operations.kind(value));
        }
        return operator.equals("-") ? Numbers.negate(value, line) : Numbers.calculate("+", Value.of(0), value, line);
    }

    private boolean compare(Expression.Compare compare, Scope scope) {
        Value left = evaluate(compare.first(), scope);
        for (int i = 0; i < compare.operators().size(); i++) {
            Value right = evaluate(compare.operands().get(i), scope);
            if (!compare(compare.operators().get(i), left, right, compare.line())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean compare(String operator, Value left, Value right, int line) {
        return switch (operator) {
            case "==" -> Operations.equal(left, right, budget, line);
            case "!=" -> !Operations.equal(left, right, budget, line);
            case "in" -> Operations.contains(right, left, budget, line);
            case "not in" -> !Operations.contains(right, left, budget, line);
            case "<" -> Operations.compare(left, right, budget, line) < 0;
            case "<=" -> Operations.compare(left, right, budget, line) <= 0;
            case ">" -> Operations.compare(left, right, budget, line) > 0;
            case ">=" -> Operations.compare(left, right, budget, line) >= 0;
            default -> throw new AssertionError("the parser makes no comparison " + operator);
        };
    }
}
