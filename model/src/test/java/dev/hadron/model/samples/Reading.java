package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hadron.error.HadronException;
import dev.hadron.execution.Cancellation;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Reads samples for the example model. */
final class Reading {
    static final int VOCABULARY = 2048;

    private Reading() {}

    static Path model() {
        return Path.of(System.getProperty("hadron.repository", "..")).resolve("examples/quill-4m");
    }

    static SampleRequest first(int samples, int length) {
        return new SampleRequest(samples, length, OptionalLong.empty(), VOCABULARY, new Cancellation());
    }

    static SampleRequest drawn(int samples, int length, long seed) {
        return new SampleRequest(samples, length, OptionalLong.of(seed), VOCABULARY, new Cancellation());
    }

    static Samples read(Path file, SampleRequest request) throws IOException {
        return read(file, model(), request);
    }

    static Samples read(Path file, Path model, SampleRequest request) throws IOException {
        try (ModelText text = new ModelText(model)) {
            return SampleFile.of(file).read(text, request);
        }
    }

    /** The sentence in which a file is refused. */
    static String refusal(Path file, Path model) {
        return Objects.requireNonNull(Objects.requireNonNull(
                        catchThrowableOfType(HadronException.class, () -> read(file, model, first(9, 9))))
                .getMessage());
    }

    static List<List<Long>> tokens(Samples samples) {
        return samples.windows().stream()
                .map(window -> Arrays.stream(window).boxed().toList())
                .toList();
    }
}
