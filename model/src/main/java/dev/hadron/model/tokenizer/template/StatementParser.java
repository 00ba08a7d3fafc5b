package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Statement.Target;
import dev.hadron.model.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns tokens into statements. */
final class StatementParser {
    private static final int DEEPEST = Budget.DEEPEST / 4;

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    StatementParser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    List<Statement> template() {
        List<Statement> statements = body(Set.of());
        if (tokens.peek().kind() != Kind.END) {
            throw new TemplateException(
                    tokens.peek().line(), tokens.peek().described() + " belongs to nothing that is open");
        }
        return statements;
    }

    /** Up to the tag that begins with one of these names, whose name is next; or, where there are none, to the end. */
    private List<Statement> body(Set<String> ends) {
        if (++depth > DEEPEST) {
            throw new TemplateException(tokens.peek().line(), "it nests blocks more than " + DEEPEST + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case TEXT -> statements.add(new Statement.Text(token.text(), token.line()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Output(expressions.tuple(), token.line()));
                    tokens.expect(Kind.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (ends.contains(tokens.peek().text())) {
                        depth--;
                        return statements;
                    }
                    statements.add(statement(token.line()));
                    tokens.expect(Kind.BLOCK_END, "'%}'");
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw new TemplateException(
                                token.line(),
                                "the template ends where {% "
                                        + ends.stream().sorted().findFirst().orElseThrow() + " %} is still to come");
                    }
                    depth--;
                    return statements;
                }
                case VARIABLE_END, BLOCK_END, NAME, STRING, INTEGER, REAL, OPERATOR ->
                    throw new AssertionError("the lexer lets " + token + " stand outside of tags");
            }
        }
    }

    private Statement statement(int line) {
        String name = tokens.expectAnyName();
        return switch (name) {
            case "if" -> ifStatement(line);
            case "for" -> forStatement(line);
            case "set" -> setStatement(line);
            case "macro" -> macro(line);
            case "filter" -> {
                Expression filter = expressions.filters(Scope.piped(line));
                yield new Statement.FilterBlock(filter, block("endfilter"), line);
            }
            case "generation" -> new Statement.Block(block("endgeneration"), line);
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new TemplateException(line, "{% " + name + " %} stands outside of a loop");
                }
                yield new Statement.Jump(name.equals("break"), line);
            }
            default ->
                throw new TemplateException(
                        line,
                        "the tag {% " + name
                                + " %} isn't known here; known are break, continue, filter, for, generation, if, macro, raw"
                                + " and set");
        };
    }

    /** What stands between this tag's end and the tag of that name, whose name is taken. */
    private List<Statement> block(String end) {
        tokens.expect(Kind.BLOCK_END, "'%}'");
        List<Statement> body = body(Set.of(end));
        tokens.next();
        return body;
    }

    private Statement ifStatement(int line) {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String ended;
        do {
            tests.add(expressions.tuple());
            tokens.expect(Kind.BLOCK_END, "'%}'");
            bodies.add(body(Set.of("elif", "else", "endif")));
            ended = tokens.next().text();
        } while (ended.equals("elif"));
        if (ended.equals("else")) {
            otherwise = block("endif");
        }
        return new Statement.If(tests, bodies, otherwise, line);
    }

    private Statement forStatement(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression over = expressions.unconditional();
        @Nullable Expression condition = tokens.acceptName("if") ? expressions.expression() : null;
        if (tokens.peek().isName("recursive")) {
            throw new TemplateException(line, "recursive loops aren't known here");
        }
        tokens.expect(Kind.BLOCK_END, "'%}'");
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = tokens.next().isName("else") ? block("endfor") : List.of();
        return new Statement.For(target, over, condition, body, otherwise, line);
    }

    private Statement setStatement(int line) {
        Target target = target(true);
        if (tokens.acceptOperator("=")) {
            return new Statement.Set(target, expressions.tuple(), line);
        }
        if (target.unpacks()) {
            throw tokens.unexpected("'='");
        }
        @Nullable Expression filter = tokens.acceptOperator("|") ? expressions.filters(Scope.piped(line)) : null;
        return new Statement.SetBlock(target, block("endset"), filter, line);
    }

    private Target target(boolean mayBeField) {
        boolean parenthesized = tokens.acceptOperator("(");
        List<String> names = new ArrayList<>(List.of(variable()));
        if (mayBeField && !parenthesized && tokens.acceptOperator(".")) {
            return new Target(names, false, tokens.expectAnyName());
        }
        boolean unpacks = false;
        while (tokens.acceptOperator(",")) {
            unpacks = true;
            if (tokens.peek().kind() == Kind.NAME && !tokens.peek().isName("in")) {
                names.add(variable());
            }
        }
        if (parenthesized) {
            tokens.expectOperator(")");
        }
        return new Target(names, unpacks, null);
    }

    private String variable() {
        int line = tokens.peek().line();
        String name = tokens.expectAnyName();
        if (Set.of("true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is", "if", "else")
                .contains(name)) {
            throw new TemplateException(line, "'" + name + "' can't be the name of a variable");
        }
        return name;
    }

    private Statement macro(int line) {
        String name = variable();
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.acceptOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            parameters.add(variable());
            if (tokens.acceptOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.unexpected("a default, as the parameter before has one,");
            }
        }
        int outer = loops;
        loops = 0;
        Statement macro = new Statement.Macro(name, parameters, defaults, block("endmacro"), line);
        loops = outer;
        return macro;
    }
}
