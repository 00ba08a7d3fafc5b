package dev.hadron.model.tokenizer.template;

/** What a template may use up in one rendering: a template of a real model, on a conversation of a megabyte, comes to a hundredth. */
final class Budget {
    /** Nodes evaluated, plus an eighth of the characters and elements that were made: a second or two. */
    static final long MOST_STEPS = 50_000_000;

    /** Characters of a string, or of the output. */
    static final int MOST_CHARACTERS = 1 << 24;

    /** Expressions, statements and macros within each other. */
    static final int DEEPEST = 400;

    private static final int CHARACTERS_A_STEP = 8;

    private long steps;
    private int depth;

    /** Counts a node, and goes one deeper until {@link #leave}. */
    void enter(int line) {
        step(1, line);
        if (++depth > DEEPEST) {
            throw new TemplateException(line, "it nests expressions and macros more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }

    /** Counts characters or elements before they are made. */
    void make(long count, int line) {
        if (count > MOST_CHARACTERS) {
            throw new TemplateException(
                    line, "it makes a value of " + count + " characters or elements, more than " + MOST_CHARACTERS);
        }
        step(1 + count / CHARACTERS_A_STEP, line);
    }

    private void step(long count, int line) {
        steps += count;
        if (steps > MOST_STEPS) {
            throw new TemplateException(line, "it doesn't end within " + MOST_STEPS + " steps");
        }
    }
}
