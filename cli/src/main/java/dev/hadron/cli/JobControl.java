package dev.hadron.cli;

import dev.hadron.error.ConfigException;
import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.numerics.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Threads for a command, its progress, and what Ctrl-C does to it. */
final class JobControl implements AutoCloseable {
    /** Beyond it a machine is only busy with changing threads. */
    private static final int MOST_THREADS = 1024;

    /** How long the end of the process waits for the command: it cleans up and says that it was stopped. */
    private static final long PATIENCE_MILLIS = 600;

    private static final CountDownLatch COMMAND_ENDED = new CountDownLatch(1);

    private final Progress progress;
    private final ExecutorService executor;
    private final Cancellation cancellation = new Cancellation();
    private final Execution execution;
    private final Thread hook;

    /** What is stopped by Ctrl-C. */
    @FunctionalInterface
    interface Work {
        void run(Execution execution) throws IOException;
    }

    JobControl(int threads, PrintWriter err) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new ConfigException("--threads is " + threads + "; it must be from 1 to " + MOST_THREADS);
        }
        Thread worker = Thread.currentThread();
        this.progress = new Progress(err);
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "hadron-worker");
            thread.setDaemon(true);
            return thread;
        });
        this.execution = new Execution(Parallel.of(executor, threads), progress, cancellation);
        this.hook = new Thread(() -> stop(worker), "hadron-stop");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already.
            cancellation.request();
        }
    }

    /** The command has said its last word, so the end of the process needn't wait for it. */
    static void commandEnded() {
        COMMAND_ENDED.countDown();
    }

    /**
     * Does the work.
     *
     * @throws CancellationException when it was stopped, whatever failed because of that
     */
    void run(Work work) throws IOException {
        try {
            work.run(execution);
        } catch (IOException | RuntimeException e) {
            if (!cancellation.isRequested() || e instanceof CancellationException) {
                throw e;
            }
            CancellationException stopped = new CancellationException("stopped");
            stopped.initCause(e);
            throw stopped;
        }
    }

    @Override
    public void close() {
        progress.close();
        executor.shutdownNow();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already: the hook is what brought the work here.
        }
    }

    private void stop(Thread worker) {
        cancellation.request();
        worker.interrupt();
        try {
            if (!COMMAND_ENDED.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                System.getLogger(JobControl.class.getName())
                        .log(System.Logger.Level.DEBUG, "the command takes long to stop and is left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
