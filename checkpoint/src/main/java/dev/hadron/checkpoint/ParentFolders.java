package dev.hadron.checkpoint;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The folders above a target that had to be created for it, innermost first. */
final class ParentFolders {
    private final Deque<Path> created = new ArrayDeque<>();

    private ParentFolders() {}

    /** Creates what is missing of {@code parent}, and checks that something can be created in it. */
    static ParentFolders create(Path parent) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path existing = parent;
        while (existing != null && !Files.exists(existing)) {
            missing.push(existing);
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            throw new InvalidInputException(
                    (existing == null ? parent : existing) + " isn't a folder, so the output can't go into it");
        }
        if (!Files.isWritable(existing)) {
            throw new InvalidInputException("nothing can be written into " + existing
                    + "; name an output folder elsewhere or change its permissions");
        }
        ParentFolders parents = new ParentFolders();
        for (Path folder : missing) {
            try {
                Files.createDirectory(folder);
                parents.created.push(folder);
            } catch (FileAlreadyExistsException e) {
                // Somebody else was faster, so it isn't ours to remove.
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
        }
        return parents;
    }

    /** Removes those that are still empty. */
    void removeEmpty() throws IOException {
        while (!created.isEmpty()) {
            try {
                Files.deleteIfExists(created.pop());
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }
}
