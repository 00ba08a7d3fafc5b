package dev.hadron.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where tests find what isn't theirs: the example model, and reference data beside the repository. */
final class Shared {
    private Shared() {}

    /** The repository's root. */
    static Path repository() {
        return Path.of(System.getProperty("hadron.repository"));
    }

    /** A folder of reference data; the test is skipped where it isn't there. */
    static Path folder(String path) {
        Path folder = repository().resolve("../shared").resolve(path).normalize();
        Assumptions.assumeTrue(
                Files.isDirectory(folder), "skipped: the reference data " + folder + " isn't on this machine");
        return folder;
    }
}
