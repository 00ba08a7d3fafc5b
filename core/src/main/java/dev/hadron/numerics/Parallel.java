package dev.hadron.numerics;

/** Splits loops over ranges. */
public final class Parallel {
    private static final Parallel SEQUENTIAL = new Parallel();

    private Parallel() {}

    /** Everything on the calling thread. */
    public static Parallel sequential() {
        return SEQUENTIAL;
    }

    /** The body of a loop over a range. */
    @FunctionalInterface
    public interface RangeTask {
        /** Does the work for {@code from} to {@code to}, the latter exclusive. */
        void run(long from, long to);
    }

    /** Runs the task over ranges that together are {@code 0..count}, each but the last a multiple of {@code grain} long. */
    public void forRanges(long count, long grain, RangeTask task) {
        task.run(0, count);
    }
}
