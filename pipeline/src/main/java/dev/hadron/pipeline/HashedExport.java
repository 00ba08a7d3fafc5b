package dev.hadron.pipeline;

import dev.hadron.execution.Execution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What was written, and what it was made from. Hashing takes one thread about as long as quantizing takes several, so both are done at
 * once.
 */
record HashedExport(WrittenModel written, InputHashes hashes) {
    /** Does both; a failure of one stops the other. */
    static HashedExport run(ModelExporter exporter, QuantizedModel model, Path folder, Execution execution)
            throws IOException {
        AtomicReference<@Nullable WrittenModel> written = new AtomicReference<>();
        AtomicReference<@Nullable InputHashes> hashes = new AtomicReference<>();
        Execution part = execution.ofPart();
        try {
            execution.parallel().forEach(2, task -> {
                boolean done = false;
                try {
                    if (task == 0) {
                        hashes.set(InputHashes.of(model.source(), part));
                    } else {
                        written.set(exporter.write(model, folder, part));
                    }
                    done = true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    if (!done) {
                        part.cancellation().request();
                    }
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new HashedExport(Objects.requireNonNull(written.get()), Objects.requireNonNull(hashes.get()));
    }
}
