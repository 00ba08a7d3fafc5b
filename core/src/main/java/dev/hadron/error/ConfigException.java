package dev.hadron.error;

/** A configuration that can't be meant: the message names the field, its value and what is allowed. */
public final class ConfigException extends HadronException {
    private static final long serialVersionUID = 1L;

    /** One sentence for the user. */
    public ConfigException(String message) {
        super(message);
    }

    /** One sentence for the user, and what was thrown underneath. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
