package dev.hadron.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** A file or folder in it; without it, the test that asks is skipped. */
    static Path require(String name) {
        String repository = System.getProperty("hadron.repository");
        assumeTrue(repository != null, "skipped: the system property hadron.repository isn't set");
        Path path = Path.of(String.valueOf(repository))
                .resolveSibling("shared/golden")
                .resolve(name);
        assumeTrue(Files.exists(path), () -> "skipped: the recorded answers in " + path + " aren't there");
        return path;
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
        try {
            return MAPPER.readTree(Files.readString(require(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
