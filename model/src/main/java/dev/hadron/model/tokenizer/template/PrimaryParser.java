package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Expression.CallArguments;
import dev.hadron.model.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Literals, names, and what is hung on them: attributes, items, calls, filters, tests. */
final class PrimaryParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    PrimaryParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression unary(boolean withFilters) {
        Token token = tokens.peek();
        Expression value;
        if (token.isOperator("-") || token.isOperator("+")) {
            tokens.next();
            if (tokens.peek().isOperator("-") || tokens.peek().isOperator("+")) {
                throw tokens.unexpected("a value after '" + token.text() + "'");
            }
            value = new Expression.Sign(token.text(), unary(false), token.line());
        } else {
            value = postfix(primary());
        }
        return withFilters ? filtersAndTests(value) : value;
    }

    Expression filters(Expression target) {
        Expression value = filter(target);
        while (tokens.acceptOperator("|")) {
            value = filter(value);
        }
        return value;
    }

    private Expression filtersAndTests(Expression target) {
        Expression value = target;
        while (true) {
            if (tokens.acceptOperator("|")) {
                value = filter(value);
            } else if (tokens.peek().isName("is")) {
                value = test(value);
            } else if (tokens.peek().isOperator("(")) {
                value = new Expression.Call(value, arguments(), tokens.peek().line());
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression target) {
        int line = tokens.peek().line();
        String name = tokens.expectAnyName();
        Filters.requireKnown(name, line);
        return new Expression.Filter(
                target, name, tokens.peek().isOperator("(") ? arguments() : CallArguments.NONE, line);
    }

    private Expression test(Expression target) {
        int line = tokens.next().line();
        boolean negated = tokens.acceptName("not");
        String name = tokens.expectAnyName();
        Tests.requireKnown(name, line);
        CallArguments arguments = CallArguments.NONE;
        if (tokens.peek().isOperator("(")) {
            arguments = arguments();
        } else if (beginsArgument(tokens.peek())) {
            arguments = new CallArguments(List.of(postfix(primary())), Map.of());
        } else if (tokens.peek().isName("is")) {
            throw new TemplateException(line, "a test follows a test; join them with 'and'");
        }
        Expression test = new Expression.Test(target, name, arguments, line);
        return negated ? new Expression.Not(test, line) : test;
    }

    private static boolean beginsArgument(Token token) {
        return switch (token.kind()) {
            case STRING, INTEGER, REAL -> true;
            case NAME -> !Set.of("else", "or", "and", "is", "if", "in", "not").contains(token.text());
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case TEXT, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private Expression primary() {
        Token token = tokens.peek();
        int line = token.line();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                return switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(Value.of(true), line);
                    case "false", "False" -> new Expression.Literal(Value.of(false), line);
                    case "none", "None" -> new Expression.Literal(Value.none(), line);
                    default -> new Expression.Name(token.text(), line);
                };
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                return new Expression.Literal(Value.of(text.toString()), line);
            }
            case INTEGER, REAL -> {
                tokens.next();
                return new Expression.Literal(Numbers.literal(token), line);
            }
            case OPERATOR -> {
                if (tokens.acceptOperator("(")) {
                    return parenthesized(line);
                }
                if (tokens.acceptOperator("[")) {
                    return new Expression.ListOf(items("]"), false, line);
                }
                if (tokens.acceptOperator("{")) {
                    return dictionary(line);
                }
            }
            case TEXT, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> {}
        }
        throw tokens.unexpected("a value");
    }

    private Expression parenthesized(int line) {
        if (tokens.acceptOperator(")")) {
            return new Expression.ListOf(List.of(), true, line);
        }
        Expression inner = expressions.tuple();
        tokens.expectOperator(")");
        return inner;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.acceptOperator(end)) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.acceptOperator(end)) {
                    break;
                }
            }
            items.add(expressions.expression());
        }
        return items;
    }

    private Expression dictionary(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.acceptOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.acceptOperator("}")) {
                    break;
                }
            }
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
        }
        return new Expression.DictOf(keys, values, line);
    }

    private Expression postfix(Expression target) {
        Expression value = target;
        while (true) {
            int line = tokens.peek().line();
            if (tokens.acceptOperator(".")) {
                Token name = tokens.next();
                value = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(value, name.text(), line);
                    case INTEGER ->
                        new Expression.Item(value, new Expression.Literal(Numbers.literal(name), line), line);
                    default ->
                        throw new TemplateException(
                                line, "a name is expected after '.', but " + name.described() + " is found");
                };
            } else if (tokens.acceptOperator("[")) {
                value = subscript(value, line);
            } else if (tokens.peek().isOperator("(")) {
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target, int line) {
        @Nullable Expression from = tokens.peek().isOperator(":") ? null : expressions.expression();
        if (from != null && tokens.acceptOperator("]")) {
            return new Expression.Item(target, from, line);
        }
        tokens.expectOperator(":");
        @Nullable Expression to = bound();
        @Nullable Expression step = tokens.acceptOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new Expression.Slice(target, from, to, step, line);
    }

    private @Nullable Expression bound() {
        return tokens.peek().isOperator(":") || tokens.peek().isOperator("]") ? null : expressions.expression();
    }

    private CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.acceptOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.acceptOperator(")")) {
                    break;
                }
            }
            if (tokens.peek().kind() == Kind.NAME && tokens.peekNext().isOperator("=")) {
                String name = tokens.expectAnyName();
                tokens.next();
                named.put(name, expressions.expression());
            } else if (named.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("another argument with a name");
            }
        }
        return new CallArguments(positional, named);
    }
}
