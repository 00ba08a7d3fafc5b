package dev.hadron.error;

/** A combination of dtype, scheme, model and layout that isn't possible: the message names it and the nearest that is. */
public final class UnsupportedQuantizationException extends HadronException {
    private static final long serialVersionUID = 1L;

    /** One sentence for the user. */
    public UnsupportedQuantizationException(String message) {
        super(message);
    }

    /** One sentence for the user, and what was thrown underneath. */
    public UnsupportedQuantizationException(String message, Throwable cause) {
        super(message, cause);
    }
}
