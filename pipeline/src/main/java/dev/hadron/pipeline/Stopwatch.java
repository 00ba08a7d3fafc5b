package dev.hadron.pipeline;

import dev.hadron.report.StageTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Times the stages of a run. */
final class Stopwatch {
    private static final double NANOS = 1e9;

    private final List<StageTime> stages = new ArrayList<>();

    /** A stage. */
    @FunctionalInterface
    interface Stage<T> {
        T run() throws IOException;
    }

    <T> T time(String name, Stage<T> stage) throws IOException {
        long start = System.nanoTime();
        T result = stage.run();
        stages.add(new StageTime(name, (System.nanoTime() - start) / NANOS));
        return result;
    }

    List<StageTime> stages() {
        return stages;
    }
}
