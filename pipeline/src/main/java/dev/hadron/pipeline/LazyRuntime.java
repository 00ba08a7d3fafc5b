package dev.hadron.pipeline;

import dev.hadron.model.runtime.TensorRuntime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tensor runtime that is loaded when it is first needed: most of its cost is loading it. */
final class LazyRuntime implements AutoCloseable {
    private final String device;
    private @Nullable TensorRuntime runtime;

    LazyRuntime(String device) {
        this.device = device;
    }

    /** The name of the device that it is, or will be, loaded for. */
    String device() {
        return device;
    }

    TensorRuntime get() {
        TensorRuntime loaded = runtime;
        if (loaded == null) {
            loaded = TensorRuntime.load(device);
            runtime = loaded;
        }
        return loaded;
    }

    /** What ran the model so far, and how; empty when nothing did. */
    Optional<Recipe.RuntimeFacts> described() {
        return Optional.ofNullable(runtime)
                .map(loaded -> new Recipe.RuntimeFacts(loaded.description(), loaded.device()));
    }

    @Override
    public void close() {
        TensorRuntime loaded = runtime;
        if (loaded != null) {
            loaded.close();
        }
    }
}
