package dev.hadron.execution;

import dev.hadron.numerics.Parallel;

/**
 * What runs, hears and stops a piece of work.
 *
 * @param parallel the caller's threads
 * @param progress who hears of progress
 * @param cancellation how the work is stopped
 */
public record Execution(Parallel parallel, ProgressListener progress, Cancellation cancellation) {
    /** The same for a part of the work, which may be stopped by itself. */
    public Execution ofPart() {
        return new Execution(parallel, progress, cancellation.ofPart());
    }

    /** On the calling thread, unheard and never stopped. */
    public static Execution quiet() {
        return new Execution(Parallel.sequential(), ProgressListener.NONE, new Cancellation());
    }
}
