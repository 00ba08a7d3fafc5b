package dev.hadron.pipeline;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** A job was cancelled while an algorithm's state is on the disk: it can be continued. */
public final class StoppedWithStateException extends CancellationException {
    private static final long serialVersionUID = 1L;

    StoppedWithStateException(Path folder, Exception cause) {
        super("what is done so far is in " + folder + "; the same command with --resume goes on from there");
        initCause(cause);
    }
}
