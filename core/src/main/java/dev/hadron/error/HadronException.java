package dev.hadron.error;

/**
 * A mistake in what the user handed in. The message is one sentence that names the file, tensor, layer or field, what was
 * found, what was expected and what to do.
 */
public abstract class HadronException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HadronException(String message) {
        super(message);
    }

    HadronException(String message, Throwable cause) {
        super(message, cause);
    }
}
