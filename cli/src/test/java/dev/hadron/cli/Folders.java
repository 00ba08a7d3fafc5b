package dev.hadron.cli;

import dev.hadron.checkpoint.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in folders. */
final class Folders {
    private Folders() {}

    /** Every file and folder below one, hidden ones too, by relative path; files with the hash of their bytes. */
    static Map<String, String> contents(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            Map<String, String> contents = new TreeMap<>();
            for (Path path : paths.toList()) {
                String hash = Files.isRegularFile(path) ? Sha256.of(path, bytes -> {}) : "folder";
                contents.put(folder.relativize(path).toString(), hash);
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the files of a folder that has no folders in it. */
    static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(String.valueOf(file.getFileName()));
                Files.write(copy, Files.readAllBytes(file));
            }
        }
        return to;
    }
}
