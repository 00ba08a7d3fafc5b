package dev.hadron.runtime.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    private static final String ENTRY =
            "org/bytedeco/javacpp/" + Loader.getPlatform() + "/" + System.mapLibraryName("jnijavacpp");

    @TempDir
    private Path cache;

    private byte[] library = {};
    private Path unpacked = Path.of("");

    @BeforeEach
    void findLibrary() throws IOException {
        URL resource = Objects.requireNonNull(Loader.class.getClassLoader().getResource(ENTRY));
        Path jar = Path.of(
                ((JarURLConnection) resource.openConnection()).getJarFile().getName());
        try (var in = resource.openStream()) {
            library = in.readAllBytes();
        }
        unpacked = cache.resolve(jar.getFileName()).resolve(ENTRY);
        Files.createDirectories(unpacked.resolveSibling(""));
    }

    @Test
    void aPartOfALibraryIsTakenAway() throws IOException {
        Files.write(unpacked, Arrays.copyOf(library, library.length / 2));

        NativeLibraries.removeIncomplete(cache);

        assertThat(unpacked).doesNotExist();
    }

    @Test
    void everythingElseStays() throws IOException {
        Files.write(unpacked, library);
        Path otherRelease = cache.resolve("javacpp-0.1.jar").resolve(ENTRY);
        Files.createDirectories(otherRelease.resolveSibling(""));
        Files.writeString(otherRelease, "other");
        Path foreign = Files.writeString(cache.resolve("file"), "foreign");
        Path link = Files.createSymbolicLink(unpacked.resolveSibling("link.so"), foreign);

        NativeLibraries.removeIncomplete(cache);

        assertThat(unpacked).hasBinaryContent(library);
        assertThat(otherRelease).exists();
        assertThat(foreign).exists();
        assertThat(link).isSymbolicLink();
    }
}
