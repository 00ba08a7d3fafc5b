package dev.hadron.checkpoint.text;

import java.io.IOException;
import java.nio.file.Path;

/** Adds a file's name to what the system reports: "No space left on device" doesn't say where. */
public final class FileFailure {
    private FileFailure() {}

    /** The same failure with the file in its message; a failure of a more specific type is left as it is. */
    public static IOException in(Path file, IOException e) {
        String message = String.valueOf(e.getMessage());
        return e.getClass() != IOException.class || message.startsWith(file.toString())
                ? e
                : new IOException(file + ": " + message, e);
    }
}
