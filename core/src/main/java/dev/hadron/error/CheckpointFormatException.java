package dev.hadron.error;

/** A checkpoint or file that isn't what it should be: the message names the file, the tensor or offset, and what was expected. */
public final class CheckpointFormatException extends HadronException {
    private static final long serialVersionUID = 1L;

    /** One sentence for the user. */
    public CheckpointFormatException(String message) {
        super(message);
    }

    /** One sentence for the user, and what was thrown underneath. */
    public CheckpointFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
