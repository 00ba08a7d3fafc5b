package dev.hadron.model.tokenizer.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What writes text or sets variables. Lines count from 1. */
sealed interface Statement {
    int line();

    /** Text as it stands. */
    record Text(String text, int line) implements Statement {}

    /** <code>{{ a }}</code>. */
    record Output(Expression expression, int line) implements Statement {}

    /** {@code if}, {@code elif}, {@code else}: the first of the tests that is true, else the last body. */
    record If(List<Expression> tests, List<List<Statement>> bodies, List<Statement> otherwise, int line)
            implements Statement {}

    /** {@code for a, b in c if d}. */
    record For(
            Target target,
            Expression over,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    /** {@code set a = b}. */
    record Set(Target target, Expression value, int line) implements Statement {}

    /** {@code set a}…{@code endset}: the text of the body, after the filter. */
    record SetBlock(
            Target target, List<Statement> body, @Nullable Expression filter, int line) implements Statement {}

    /** {@code filter a}…{@code endfilter}. */
    record FilterBlock(Expression filter, List<Statement> body, int line) implements Statement {}

    /** {@code macro name(a, b=c)}: the defaults belong to the last parameters. */
    record Macro(String name, List<String> parameters, List<Expression> defaults, List<Statement> body, int line)
            implements Statement {}

    /** A body that is run as it stands: {@code generation} only marks what the model itself would write. */
    record Block(List<Statement> body, int line) implements Statement {}

    /** {@code break} or {@code continue}. */
    record Jump(boolean leave, int line) implements Statement {}

    /**
     * What is set.
     *
     * @param names several where a sequence is taken apart
     * @param field of the namespace that the one name stands for
     */
    record Target(
            List<String> names, boolean unpacks, @Nullable String field) {}
}
