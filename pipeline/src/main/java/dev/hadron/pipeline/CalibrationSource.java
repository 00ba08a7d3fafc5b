package dev.hadron.pipeline;

import dev.hadron.model.samples.SampleFile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/** Where samples to calibrate with come from. */
public sealed interface CalibrationSource {
    /** As a recipe and messages call it. */
    String name();

    /** A file: text, JSON lines or token ids, by its name, see {@link SampleFile.Kind}. */
    record File(SampleFile file) implements CalibrationSource {
        @Override
        public String name() {
            return String.valueOf(file.path().getFileName());
        }
    }

    /**
     * Texts, each a sample, which is cut at the length asked for. They are gone through once: all of them where samples are drawn, else as
     * many as are used.
     */
    record Texts(String name, Iterator<String> texts) implements CalibrationSource {}

    /** Token ids without padding, each array a sample, which is cut at the length asked for; gone through as texts are. */
    record Tokens(String name, Iterator<long[]> windows) implements CalibrationSource {}

    /** A file, whose kind its name tells. */
    static CalibrationSource ofFile(Path file) {
        return new File(SampleFile.of(file));
    }

    /**
     * Texts.
     *
     * @param name what the recipe and messages call them
     */
    static CalibrationSource ofTexts(String name, Iterable<String> texts) {
        return new Texts(name, texts.iterator());
    }

    /**
     * Texts, which can be used once.
     *
     * @param name what the recipe and messages call them
     */
    static CalibrationSource ofTexts(String name, Stream<String> texts) {
        return new Texts(name, texts.iterator());
    }

    /**
     * Token ids without padding.
     *
     * @param name what the recipe and messages call them
     */
    static CalibrationSource ofTokens(String name, Iterable<long[]> windows) {
        return new Tokens(name, windows.iterator());
    }

    /**
     * Token ids without padding, which can be used once.
     *
     * @param name what the recipe and messages call them
     */
    static CalibrationSource ofTokens(String name, Stream<long[]> windows) {
        return new Tokens(name, windows.iterator());
    }
}
