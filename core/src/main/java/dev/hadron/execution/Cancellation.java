package dev.hadron.execution;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A wish that work should stop, from any thread. Work asks for it between pieces that take well under a second. */
public final class Cancellation {
    private final @Nullable Cancellation whole;
    private volatile boolean requested;

    /** Nothing is asked for yet. */
    public Cancellation() {
        this(null);
    }

    private Cancellation(@Nullable Cancellation whole) {
        this.whole = whole;
    }

    /** For a part of the work, which stops with the whole, and may be stopped by itself. */
    public Cancellation ofPart() {
        return new Cancellation(this);
    }

    /** Asks for the work to stop. */
    public void request() {
        requested = true;
    }

    /** Whether the work should stop. */
    public boolean isRequested() {
        return requested || (whole != null && whole.isRequested());
    }

    /**
     * Stops here if that was asked for, or if the thread was interrupted.
     *
     * @throws CancellationException if so
     */
    public void check() {
        if (isRequested() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("cancelled");
        }
    }
}
