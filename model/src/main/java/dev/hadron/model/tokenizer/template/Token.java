package dev.hadron.model.tokenizer.template;

/**
 * A piece of a template.
 *
 * @param text of a string, what it stands for; of a number, its digits
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {
    /** What a token is. */
    enum Kind {
        TEXT,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        REAL,
        OPERATOR,
        END
    }

    boolean is(Kind other, String expected) {
        return kind == other && text.equals(expected);
    }

    boolean isOperator(String expected) {
        return is(Kind.OPERATOR, expected);
    }

    boolean isName(String expected) {
        return is(Kind.NAME, expected);
    }

    /** As messages call it. */
    String described() {
        return switch (kind) {
            case TEXT -> "text";
            case VARIABLE_BEGIN -> "{{";
            case VARIABLE_END -> "}}";
            case BLOCK_BEGIN -> "{%";
            case BLOCK_END -> "%}";
            case STRING -> "a string";
            case NAME, INTEGER, REAL, OPERATOR -> "'" + text + "'";
            case END -> "the end of the template";
        };
    }
}
