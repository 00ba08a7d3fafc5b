package dev.hadron.checkpoint.safetensors;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings files to the disk while they are being written, on a thread of its own that does nothing but wait for the disk: otherwise all
 * of that waiting would come at the end.
 */
final class WriteBehind {
    /** Enough for the disk to be busy, little enough to be worth no wait at the end. */
    private static final long PORTION = 1 << 25;

    private final Set<SafetensorsWriter> written = new LinkedHashSet<>();
    private final Thread thread = new Thread(this::work, "hadron-write-behind");
    private long bytes;
    private boolean stopped;
    private @Nullable IOException failure;

    WriteBehind() {
        thread.setDaemon(true);
    }

    /** So much was written to a file. */
    synchronized void wrote(SafetensorsWriter writer, long count) {
        written.add(writer);
        bytes += count;
        if (bytes < PORTION) {
            return;
        }
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
        notifyAll();
    }

    /**
     * Ends the thread.
     *
     * @throws IOException when the disk didn't take something: the system may say so only once
     */
    void stop() throws IOException {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // It ends by itself after the call that it is in, and files can't be closed before that.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void work() {
        try {
            for (Set<SafetensorsWriter> next = next(); !next.isEmpty(); next = next()) {
                for (SafetensorsWriter writer : next) {
                    writer.force();
                }
            }
        } catch (IOException e) {
            synchronized (this) {
                failure = e;
            }
        }
    }

    /** The files to bring to the disk; none at the end. */
    private synchronized Set<SafetensorsWriter> next() {
        while (bytes < PORTION && !stopped) {
            try {
                wait();
            } catch (InterruptedException e) {
                return Set.of();
            }
        }
        if (stopped) {
            return Set.of();
        }
        Set<SafetensorsWriter> next = Set.copyOf(written);
        written.clear();
        bytes = 0;
        return next;
    }
}
