package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Token.Kind;
import java.util.List;

/** A place in a list of tokens. */
final class Tokens {
    private final List<Token> tokens;
    private int at;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The one after {@link #peek}; at the end, the end. */
    Token peekNext() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean acceptOperator(String operator) {
        return accept(peek().isOperator(operator));
    }

    boolean acceptName(String name) {
        return accept(peek().isName(name));
    }

    void expectOperator(String operator) {
        if (!acceptOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!acceptName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    void expect(Kind kind, String expected) {
        if (!accept(peek().kind() == kind)) {
            throw unexpected(expected);
        }
    }

    String expectAnyName() {
        Token token = peek();
        expect(Kind.NAME, "a name");
        return token.text();
    }

    TemplateException unexpected(String expected) {
        return new TemplateException(peek().line(), expected + " is expected, but " + peek().described() + " is found");
    }

    private boolean accept(boolean is) {
        if (is) {
            next();
        }
        return is;
    }
}
