package dev.hadron.error;

/** Data or a folder that can't be used: an empty text, NaN in a weight, an output folder that isn't empty. */
public final class InvalidInputException extends HadronException {
    private static final long serialVersionUID = 1L;

    /** One sentence for the user. */
    public InvalidInputException(String message) {
        super(message);
    }

    /** One sentence for the user, and what was thrown underneath. */
    public InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
