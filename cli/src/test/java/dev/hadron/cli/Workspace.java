package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** A tiny model, texts, and a folder in which nothing but results may appear. */
final class Workspace {
    private final Path folder;

    private Workspace(Path folder) {
        this.folder = folder;
    }

    static Workspace in(Path folder) throws IOException {
        TinyModel.write(folder.resolve("model"));
        Files.createDirectory(folder.resolve("outputs"));
        return new Workspace(folder);
    }

    /** The repository's root. */
    static Path repository() {
        return Path.of(System.getProperty("hadron.repository", ".."));
    }

    /** The example model, which says something. */
    static Path quill() {
        return repository().resolve("examples/quill-4m");
    }

    /** One of the example texts. */
    static Path text(String name) {
        return repository().resolve("examples/text").resolve(name + ".txt");
    }

    /** A path beside the model. */
    Path resolve(String name) {
        return folder.resolve(name);
    }

    Path model() {
        return folder.resolve("model");
    }

    /** Where the target's neighbours would be. */
    Path outputs() {
        return folder.resolve("outputs");
    }

    Path output() {
        return outputs().resolve("out");
    }

    /** A file beside the model. */
    Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** The sentence in which a command line is refused; it must leave the outputs as they were. */
    String refused(Object... arguments) {
        Map<String, String> before = Folders.contents(outputs());

        String refusal = Run.of(arguments).refusal();

        assertThat(Folders.contents(outputs())).isEqualTo(before);
        return refusal;
    }

    /** The sentence in which quantizing the model is refused. */
    String quantizeRefused(Object... more) {
        return refused(Stream.concat(Stream.of("quantize", model(), "--output", output()), Arrays.stream(more))
                .toArray());
    }

    /** The sentence in which the model isn't evaluated. */
    String evaluateRefused(Object... more) {
        return refused(Stream.concat(Stream.of("evaluate", model()), Arrays.stream(more))
                .toArray());
    }

    /** Quantizes the model into {@link #outputs}. */
    Path quantized(String name, Object... more) {
        Path target = outputs().resolve(name);
        Run.succeeded(Stream.concat(Stream.of("quantize", model(), "--output", target), Arrays.stream(more))
                .toArray());
        return target;
    }
}
