package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    @TempDir
    private Path folder;

    @Test
    void theHashIsThatOfTheStandard() throws IOException {
        // The example of FIPS 180-2, appendix B.1.
        Path file = Files.writeString(folder.resolve("abc"), "abc");

        assertThat(Sha256.of(file, read -> {}))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void progressIsToldInBytes() throws IOException {
        Path file = Files.write(folder.resolve("zeros"), new byte[20_000_000]);
        List<Long> progress = new ArrayList<>();

        Sha256.of(file, progress::add);

        assertThat(progress).isSorted().hasSizeGreaterThan(1).endsWith(20_000_000L);
    }
}
