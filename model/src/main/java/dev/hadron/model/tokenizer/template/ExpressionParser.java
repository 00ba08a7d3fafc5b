package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators by how tightly they bind, the loosest first; what they bind is {@link PrimaryParser}'s. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final PrimaryParser primaries;
    private int depth;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
        this.primaries = new PrimaryParser(tokens, this);
    }

    /** An expression, or a tuple of several without parentheses. */
    Expression tuple() {
        int line = tokens.peek().line();
        Expression first = expression();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.acceptOperator(",") && beginsExpression()) {
            items.add(expression());
        }
        return new Expression.ListOf(items, true, line);
    }

    /** An expression, {@code a if b else c} included. */
    Expression expression() {
        int line = tokens.peek().line();
        if (++depth > Budget.DEEPEST / 4) {
            throw new TemplateException(line, "it nests expressions more than " + Budget.DEEPEST / 4 + " deep");
        }
        Expression value = unconditional();
        while (tokens.acceptName("if")) {
            Expression test = unconditional();
            @Nullable Expression otherwise = tokens.acceptName("else") ? expression() : null;
            value = new Expression.Conditional(test, value, otherwise, line);
        }
        depth--;
        return value;
    }

    /** An expression without {@code if}, which may follow it: what {@code for} goes over. */
    Expression unconditional() {
        Expression left = and();
        while (tokens.peek().isName("or")) {
            int line = tokens.next().line();
            left = new Expression.Logic(false, left, and(), line);
        }
        return left;
    }

    /** The filters of a block, applied to {@code target}. */
    Expression filters(Expression target) {
        return primaries.filters(target);
    }

    private boolean beginsExpression() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case VARIABLE_END, BLOCK_END, END, TEXT, VARIABLE_BEGIN, BLOCK_BEGIN -> false;
            case OPERATOR -> !Set.of(")", "]", "}", "=").contains(token.text());
            case NAME, STRING, INTEGER, REAL -> true;
        };
    }

    private Expression and() {
        Expression left = not();
        while (tokens.peek().isName("and")) {
            int line = tokens.next().line();
            left = new Expression.Logic(true, left, not(), line);
        }
        return left;
    }

    private Expression not() {
        int negations = 0;
        int line = tokens.peek().line();
        while (tokens.acceptName("not")) {
            negations++;
        }
        Expression operand = comparison();
        for (int i = 0; i < Math.min(negations, 2 - negations % 2); i++) {
            operand = new Expression.Not(operand, line);
        }
        return operand;
    }

    private Expression comparison() {
        Expression first = sum();
        int line = tokens.peek().line();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        for (String operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            operators.add(operator);
            operands.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Compare(first, operators, operands, line);
    }

    private @Nullable String comparisonOperator() {
        Token token = tokens.peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return tokens.next().text();
        }
        if (tokens.acceptName("in")) {
            return "in";
        }
        if (token.isName("not") && tokens.peekNext().isName("in")) {
            tokens.next();
            tokens.next();
            return "not in";
        }
        return null;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, concatenation(), operator.line());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.peek().isOperator("~")) {
            Token operator = tokens.next();
            left = new Expression.Binary("~", left, product(), operator.line());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.peek().kind() == Kind.OPERATOR
                && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
            Token operator = tokens.next();
            left = new Expression.Binary(operator.text(), left, power(), operator.line());
        }
        return left;
    }

    private Expression power() {
        Expression left = primaries.unary(true);
        while (tokens.peek().isOperator("**")) {
            int line = tokens.next().line();
            left = new Expression.Binary("**", left, primaries.unary(true), line);
        }
        return left;
    }
}
