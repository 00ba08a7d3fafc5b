package dev.hadron.pipeline;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** A job was cancelled when its result was published already: only the evaluation is missing. */
public final class CancelledAfterPublicationException extends CancellationException {
    private static final long serialVersionUID = 1L;

    CancelledAfterPublicationException(Path output, Exception cause) {
        super(output + " is complete, but wasn't evaluated to the end");
        initCause(cause);
    }
}
