package dev.hadron.pipeline;

import dev.hadron.error.ConfigException;
import java.nio.file.Path;

/**
 * The text to measure with.
 *
 * @param text a UTF-8 file
 * @param window tokens of a window
 * @param tokens how many tokens of the text are used; 0 for all
 */
public record EvaluationText(Path text, int window, int tokens) {
    /** The window that figures are comparable with. */
    public static final int DEFAULT_WINDOW = 256;

    /** Checks the counts. */
    public EvaluationText {
        if (window < 2) {
            throw new ConfigException("the window is " + window + "; it must be at least 2 tokens");
        }
        if (tokens < 0) {
            throw new ConfigException("tokens is " + tokens + "; it must be positive, or 0 for the whole text");
        }
    }
}
