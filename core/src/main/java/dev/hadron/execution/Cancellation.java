package dev.hadron.execution;

import java.util.concurrent.CancellationException;

/** A wish that work should stop, from any thread. Work asks for it between pieces that take well under a second. */
public final class Cancellation {
    private volatile boolean requested;

    /** Nothing is asked for yet. */
    public Cancellation() {}

    /** Asks for the work to stop. */
    public void request() {
        requested = true;
    }

    /** Whether the work should stop. */
    public boolean isRequested() {
        return requested;
    }

    /**
     * Stops here if that was asked for, or if the thread was interrupted.
     *
     * @throws CancellationException if so
     */
    public void check() {
        if (requested || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("cancelled");
        }
    }
}
