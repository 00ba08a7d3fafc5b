package dev.hadron.numerics;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Splits loops over ranges and runs them on the calling thread and on an executor that the caller owns.
 *
 * <p>The calling thread always takes part and waits for none but ranges that have begun, so a loop inside a loop on the same
 * executor, or an executor without a free thread, delays the work and can't block it.
 */
public final class Parallel {
    /** Enough for threads to finish together and to notice an interrupt soon. */
    private static final int RANGES_PER_THREAD = 16;

    private static final Parallel SEQUENTIAL = new Parallel(Runnable::run, 1);

    private final Executor executor;
    private final int threads;

    private Parallel(Executor executor, int threads) {
        this.executor = executor;
        this.threads = threads;
    }

    /** Everything on the calling thread. */
    public static Parallel sequential() {
        return SEQUENTIAL;
    }

    /**
     * The calling thread, and the executor for the others.
     *
     * @param threads how many work at once, the calling one included
     */
    public static Parallel of(Executor executor, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("work needs at least one thread, not " + threads);
        }
        return new Parallel(executor, threads);
    }

    /** How many threads work at once, the calling one included. */
    public int threads() {
        return threads;
    }

    /** The body of a loop over a range. */
    @FunctionalInterface
    public interface RangeTask {
        /** Does the work for {@code from} to {@code to}, the latter exclusive. */
        void run(long from, long to);
    }

    /** The body of a loop over items. */
    @FunctionalInterface
    public interface ItemTask {
        /** Does the work for one item. */
        void run(int item);
    }

    /** As {@link #forRanges}, for items large enough to be taken one by one: those with low numbers first. */
    public void forEach(int count, ItemTask task) {
        run(new RangeQueue(count, 1, (from, unusedTo) -> task.run((int) from)));
    }

    /**
     * Runs the task over ranges that together are {@code 0..count}, each but the last a multiple of {@code grain} long. On
     * return, and when an exception leaves this method, no range is being worked on any more.
     *
     * <p>The first exception of a task ends the loop and is thrown here as it is.
     *
     * @throws CancellationException when a working thread was interrupted, which it still is then
     */
    public void forRanges(long count, long grain, RangeTask task) {
        if (count < 0 || grain < 1) {
            throw new IllegalArgumentException("no ranges of a multiple of " + grain + " in " + count);
        }
        long grains = Math.ceilDiv(count, grain);
        long grainsPerRange = Math.max(1, grains / ((long) threads * RANGES_PER_THREAD));
        run(new RangeQueue(count, grainsPerRange * grain, task));
    }

    private void run(RangeQueue queue) {
        long helpers = Math.min(threads, queue.ranges()) - 1;
        try {
            for (long helper = 0; helper < helpers; helper++) {
                executor.execute(queue::work);
            }
        } catch (RejectedExecutionException e) {
            // The ranges don't depend on who works on them: this thread does what the executor has no room for.
            System.getLogger(Parallel.class.getName())
                    .log(System.Logger.Level.DEBUG, "fewer threads than asked for", e);
        }
        queue.work();
        queue.awaitEnd();
    }
}
