package dev.hadron.cli;

import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.execution.ProgressListener;
import dev.hadron.numerics.Parallel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for a command, and what Ctrl-C does to it. */
final class JobControl implements AutoCloseable {
    /** How long the end of the process waits for the work to clean up behind itself. */
    private static final long PATIENCE_MILLIS = 800;

    private final ExecutorService executor;
    private final Execution execution;
    private final Thread hook;

    JobControl(int threads, ProgressListener progress) {
        Thread worker = Thread.currentThread();
        Cancellation cancellation = new Cancellation();
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "hadron-worker");
            thread.setDaemon(true);
            return thread;
        });
        this.execution = new Execution(Parallel.of(executor, threads), progress, cancellation);
        this.hook = new Thread(() -> stop(cancellation, worker), "hadron-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Execution execution() {
        return execution;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already: the hook is what brought the work here.
        }
    }

    private static void stop(Cancellation cancellation, Thread worker) {
        cancellation.request();
        worker.interrupt();
        try {
            worker.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
