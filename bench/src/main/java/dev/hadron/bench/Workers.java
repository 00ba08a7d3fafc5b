package dev.hadron.bench;

import dev.hadron.numerics.Parallel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The threads of a benchmark. */
@State(Scope.Benchmark)
public class Workers {
    @Param("2")
    int threads;

    ExecutorService executor;
    Parallel parallel;

    @Setup
    public void start() {
        executor = Executors.newFixedThreadPool(threads);
        parallel = Parallel.of(executor, threads);
    }

    @TearDown
    public void stop() {
        executor.close();
    }
}
