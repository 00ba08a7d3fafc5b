package dev.hadron.model.tokenizer.template;

/** A template that can't be parsed or rendered: the message says what is wrong, without the template's name. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    TemplateException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** The line of the template, counted from 1. */
    public int line() {
        return line;
    }
}
