package dev.hadron.checkpoint;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Which folders can be published to; everything is found out before hours of work rather than after. */
final class TargetFolder {
    private TargetFolder() {}

    /**
     * Where a folder is or will be: absolute, with every link on the way resolved. The last name is kept, so that a link
     * there can be told from a folder.
     */
    static Path place(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path name = absolute.getFileName();
        Path parent = absolute.getParent();
        if (name == null || parent == null) {
            return absolute;
        }
        boolean steps = name.toString().equals(".") || name.toString().equals("..");
        return steps ? real(absolute) : real(parent).resolve(name);
    }

    /** The real path of as much as exists, and the rest behind it. */
    static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path existing = absolute;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        Path real = existing.toRealPath();
        return existing.getNameCount() == absolute.getNameCount()
                ? real
                : real.resolve(absolute.subpath(existing.getNameCount(), absolute.getNameCount()))
                        .normalize();
    }

    /** Refuses whatever can't be replaced by one rename, or mustn't be. */
    static void requireFree(Path target, boolean overwrite) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            throw new InvalidInputException(target + " can't be the output folder; name a folder inside it");
        }
        if (Files.isSymbolicLink(target)) {
            throw new InvalidInputException(target
                    + " is a link, which would be replaced instead of what it leads to; name that folder instead");
        }
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new InvalidInputException(
                    target + " is a file, where the output folder should go; name another folder");
        }
        requireNotInUse(target, "user.dir", "the working directory");
        requireNotInUse(target, "user.home", "the home directory");
        if (isMountPoint(target, parent)) {
            throw new InvalidInputException(
                    target + " is a mount point, which can't be replaced; name a folder inside it");
        }
        if (!overwrite && !isEmpty(target)) {
            throw new InvalidInputException(
                    target + " isn't empty; name another folder, or ask for it to be overwritten (--overwrite)");
        }
    }

    /** The old folder is moved away and deleted: nobody means that for one that he lives in. */
    private static void requireNotInUse(Path target, String property, String what) throws IOException {
        String used = System.getProperty(property, "");
        if (!used.isEmpty() && real(Path.of(used)).startsWith(target)) {
            throw new InvalidInputException(
                    target + " is or holds " + what + ", so it can't be replaced; name a folder inside it");
        }
    }

    private static boolean isMountPoint(Path target, Path parent) throws IOException {
        return target.getFileSystem().supportedFileAttributeViews().contains("unix")
                && !Files.getAttribute(target, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }
}
