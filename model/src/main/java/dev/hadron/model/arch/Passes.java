package dev.hadron.model.arch;

import dev.hadron.execution.Execution;
import dev.hadron.numerics.Parallel;
import java.util.function.IntConsumer;

/** Runs the windows of a stage side by side, counts them, and stops between two of them when asked to. */
final class Passes {
    private final int windows;
    private final Parallel parallel;
    private final Execution execution;
    private long done;

    Passes(int windows, boolean inOrder, String stage, long total, Execution execution) {
        this.windows = windows;
        this.parallel = inOrder ? Parallel.sequential() : execution.parallel();
        this.execution = execution;
        execution.progress().started(stage, total, "passes");
    }

    void overWindows(IntConsumer pass) {
        parallel.forRanges(windows, 1, (from, to) -> {
            for (long w = from; w < to; w++) {
                execution.cancellation().check();
                pass.accept((int) w);
                // One thread at a time tells, so that a listener hears rising numbers.
                synchronized (this) {
                    execution.progress().advanced(++done);
                }
            }
        });
    }
}
