package dev.hadron.pipeline;

import dev.hadron.execution.Execution;

/** Adds up what several threads have done of a stage, and stops them between pieces. */
final class ProgressCount {
    private final Execution execution;
    private long done;

    ProgressCount(Execution execution) {
        this.execution = execution;
    }

    /** So much more is done. */
    void add(long count) {
        synchronized (this) {
            done += count;
            execution.progress().advanced(done);
        }
        execution.cancellation().check();
    }
}
