package dev.hadron.model.tokenizer.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has a value. Lines count from 1. */
sealed interface Expression {
    int line();

    /** A number, a string, a truth value or none. */
    record Literal(Value value, int line) implements Expression {}

    /** A variable. */
    record Name(String name, int line) implements Expression {}

    /** {@code [a, b]} or {@code (a, b)}. */
    record ListOf(List<Expression> items, boolean tuple, int line) implements Expression {}

    /** <code>{'a': b}</code>. */
    record DictOf(List<Expression> keys, List<Expression> values, int line) implements Expression {}

    /** {@code a.b}. */
    record Attribute(Expression target, String name, int line) implements Expression {}

    /** {@code a[b]}. */
    record Item(Expression target, Expression index, int line) implements Expression {}

    /** {@code a[from:to:step]}. */
    record Slice(
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step,
            int line) implements Expression {}

    /** {@code a(b, c=d)}. */
    record Call(Expression target, CallArguments arguments, int line) implements Expression {}

    /** {@code a | name(b)}. */
    record Filter(Expression target, String name, CallArguments arguments, int line) implements Expression {}

    /** {@code a is name(b)}. */
    record Test(Expression target, String name, CallArguments arguments, int line) implements Expression {}

    /** {@code -a} or {@code +a}. */
    record Sign(String operator, Expression operand, int line) implements Expression {}

    /** {@code not a}. */
    record Not(Expression operand, int line) implements Expression {}

    /** Arithmetic, or {@code ~}. */
    record Binary(String operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code a and b}, {@code a or b}. */
    record Logic(boolean and, Expression left, Expression right, int line) implements Expression {}

    /** {@code a < b <= c}, {@code a in b}: as many operators as operands after the first. */
    record Compare(Expression first, List<String> operators, List<Expression> operands, int line)
            implements Expression {}

    /** {@code a if b else c}. */
    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise, int line) implements Expression {}

    /** Positional arguments, and those with names. */
    record CallArguments(List<Expression> positional, Map<String, Expression> named) {
        static final CallArguments NONE = new CallArguments(List.of(), Map.of());
    }
}
