package dev.hadron.pipeline;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/** How many bytes of the source may be in memory at once, whatever the number of threads. */
final class MemoryBudget {
    /** With it, a process stays below 600 MiB: a slice takes up to three times its source while it is quantized and checked. */
    private static final long BYTES = 96L << 20;

    /** Rows of weights aren't cut finer, which would cost more calls than it saves memory. */
    private static final long SMALLEST_SLICE = 1L << 20;

    /** Beyond it a slice leaves the last-level cache between the steps of its work. */
    private static final long LARGEST_SLICE = 36L << 20;

    /** Fits a core's cache with the codes that are made of it. */
    private static final long LARGEST_BAND = 1L << 19;

    private static final int PERMIT = 1 << 10;

    private final Semaphore permits = new Semaphore((int) (BYTES / PERMIT), true);
    private final long sliceBytes;
    private final long bandBytes;

    private MemoryBudget(long sliceBytes, long bandBytes) {
        this.sliceBytes = sliceBytes;
        this.bandBytes = bandBytes;
    }

    /** The budget of so many threads. */
    static MemoryBudget of(int threads) {
        return new MemoryBudget(Math.clamp(BYTES / threads, SMALLEST_SLICE, LARGEST_SLICE), LARGEST_BAND);
    }

    /** A budget with slices of another size. */
    static MemoryBudget ofSlices(long bytes) {
        return new MemoryBudget(bytes, Math.min(LARGEST_BAND, bytes / 2));
    }

    /** A budget with slices of the largest size, of which so many bytes are quantized at a time. */
    static MemoryBudget ofBands(long bytes) {
        return new MemoryBudget(LARGEST_SLICE, bytes);
    }

    /** How many bytes of the source a slice should have at most. */
    long sliceBytes() {
        return sliceBytes;
    }

    /** How many bytes of a slice should be read and quantized at a time, where it can be divided among rows. */
    long bandBytes() {
        return bandBytes;
    }

    /**
     * Runs work on so many bytes once there is room. What is larger than all there is runs alone.
     *
     * @throws CancellationException when the thread is interrupted, which it still is then
     */
    void run(long bytes, Runnable work) {
        int wanted = (int) Math.min(Math.ceilDiv(bytes, PERMIT), BYTES / PERMIT);
        try {
            permits.acquire(wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        try {
            work.run();
        } finally {
            permits.release(wanted);
        }
    }
}
