package dev.hadron.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The program of a process that {@link PublicationTest} ends while it publishes. */
final class PublicationProcess {
    private PublicationProcess() {}

    /** Begins to write to the folder in {@code args[0]}, says where, and goes on until it is ended. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Publication publication = Publication.begin(Path.of(args[0]), true, PublicationProcess::move)) {
            Files.writeString(publication.folder().resolve("file"), "new");
            if (args.length > 1) {
                publication.publish();
            }
            System.out.println(publication.folder());
            for (int i = 0; i < 1_000_000; i++) {
                Files.writeString(publication.folder().resolve("file" + i), "");
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    /** Dies between the two renames. */
    private static void move(Path from, Path to) throws IOException {
        if (from.toString().contains(".hadron-")) {
            Runtime.getRuntime().halt(3);
        }
        Files.move(from, to);
    }
}
