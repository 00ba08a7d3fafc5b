package dev.hadron.numerics;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The ranges of one loop: threads take them one by one until none is left or one has failed. */
final class RangeQueue {
    private final long count;
    private final long rangeLength;
    private final Parallel.RangeTask task;
    private long next;
    private int working;
    private @Nullable Throwable failure;

    RangeQueue(long count, long rangeLength, Parallel.RangeTask task) {
        this.count = count;
        this.rangeLength = rangeLength;
        this.task = task;
    }

    /** How many ranges there are. */
    long ranges() {
        return Math.ceilDiv(count, rangeLength);
    }

    /** Works until no range is left. Returns at once when that is so before it begins. */
    void work() {
        for (long from = take(); from < count; from = take()) {
            try {
                task.run(from, Math.min(count, from + rangeLength));
            } catch (RuntimeException | Error e) {
                fail(e);
            } finally {
                release();
            }
        }
    }

    /** Waits for ranges that have begun, then throws what ended the loop early. */
    synchronized void awaitEnd() {
        boolean waitInterrupted = false;
        while (working > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The memory that others still work on mustn't be freed, so this wait goes on.
                waitInterrupted = true;
            }
        }
        if (waitInterrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    private synchronized long take() {
        if (next < count && Thread.currentThread().isInterrupted()) {
            fail(new CancellationException("interrupted"));
        }
        long from = next;
        if (from < count) {
            next = Math.min(count, from + rangeLength);
            working++;
        }
        return from;
    }

    private synchronized void release() {
        working--;
        notifyAll();
    }

    private synchronized void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
        next = count;
    }
}
