package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.execution.Execution;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The work folder of a job: made when an algorithm runs, kept when the job is stopped or fails, deleted when its result is published. */
final class JobWork implements AutoCloseable {
    private final Path folder;
    private final boolean resume;
    private @Nullable WorkFolder opened;

    JobWork(Path output, @Nullable Path folder, boolean resume) {
        this.folder = folder == null ? output.resolveSibling(output.getFileName() + ".work") : folder;
        this.resume = resume;
    }

    /** Runs the algorithms of a plan, or goes on with them. */
    QuantizedModel optimize(
            Checkpoint source,
            QuantizationPlan plan,
            List<long[]> windows,
            LazyRuntime runtime,
            long seed,
            Execution execution)
            throws IOException {
        ObjectNode identity = RunIdentity.of(
                source,
                plan,
                windows,
                seed,
                execution.parallel().threads(),
                windows.isEmpty() ? "none" : runtime.get().description(),
                runtime.device());
        WorkFolder work = WorkFolder.open(folder, identity, resume);
        opened = work;
        return ModelQuantizer.of(plan).optimize(source, runtime::get, windows, seed, work, execution);
    }

    /** What is thrown when work ends early: after a stop, that it can be continued, if so. */
    RuntimeException ended(Exception cause, Execution execution) throws IOException {
        if (opened != null
                && (cause instanceof CancellationException
                        || execution.cancellation().isRequested())) {
            return new StoppedWithStateException(folder, cause);
        }
        return switch (cause) {
            case RuntimeException unchecked -> unchecked;
            case IOException failure -> throw failure;
            default -> new IllegalStateException(cause);
        };
    }

    /** Nothing of it is needed any more. */
    void delete() throws IOException {
        WorkFolder work = opened;
        if (work != null) {
            work.delete();
        }
    }

    @Override
    public void close() throws IOException {
        WorkFolder work = opened;
        if (work != null) {
            work.close();
        }
    }
}
