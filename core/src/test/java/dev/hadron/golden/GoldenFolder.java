package dev.hadron.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder of recorded answers, {@code ../shared/golden} as seen from the repository. */
final class GoldenFolder {
    private static final JsonMapper MAPPER = new JsonMapper();

    private GoldenFolder() {}

    /** Whether the folder was named, instead of looked for where it usually is: then its absence is a failure. */
    static boolean isNamed() {
        return System.getProperty("hadron.golden") != null;
    }

    /** A file or folder in it; without it, the test that asks is skipped. */
    static Path require(String name) {
        Path path = folder().resolve(name);
        assumeTrue(Files.exists(path), () -> "skipped: the recorded answers in " + path + " aren't there");
        return path;
    }

    /** The folders of recorded numbers in it, itself perhaps. */
    static List<Path> sets() {
        Path folder = folder();
        boolean there = Files.isDirectory(folder);
        if (isNamed() && !there) {
            throw new AssertionError("hadron.golden names " + folder + ", which isn't a folder");
        }
        assumeTrue(there, () -> "skipped: the recorded answers in " + folder + " aren't there");
        try (Stream<Path> inside = Files.list(folder)) {
            List<Path> sets = Stream.concat(Stream.of(folder), inside)
                    .filter(set -> Files.exists(set.resolve("manifest.json")))
                    .sorted()
                    .toList();
            if (sets.isEmpty()) {
                throw new AssertionError("no folder with a manifest.json in " + folder);
            }
            return sets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the folder, or of the one that is looked for where none is named. */
    static Optional<JsonNode> jsonIfPresent(String name) {
        return Stream.of(Optional.of(folder()), usual())
                .flatMap(Optional::stream)
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst()
                .map(GoldenFolder::json);
    }

    private static Optional<Path> usual() {
        return Optional.ofNullable(System.getProperty("hadron.repository"))
                .map(repository -> Path.of(repository).resolveSibling("shared/golden"));
    }

    private static Path folder() {
        String named = System.getProperty("hadron.golden");
        if (named != null) {
            // Relative to where the command was given, which is the repository.
            String repository = System.getProperty("hadron.repository", "");
            return Path.of(repository).resolve(named);
        }
        assumeTrue(usual().isPresent(), "skipped: the system property hadron.repository isn't set");
        return usual().orElseThrow();
    }

    /** Tests made from files in it; without it, one skipped test that says so: a factory that is skipped leaves no trace. */
    static Stream<DynamicTest> orSkipped(Supplier<Stream<DynamicTest>> tests) {
        try {
            return tests.get();
        } catch (TestAbortedException e) {
            return Stream.of(dynamicTest(String.valueOf(e.getMessage()), () -> {
                throw e;
            }));
        }
    }

    /** A JSON file in it. */
    static JsonNode json(String name) {
        return json(require(name));
    }

    /** A JSON file. */
    static JsonNode json(Path file) {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
