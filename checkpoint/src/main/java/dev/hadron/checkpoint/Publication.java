package dev.hadron.checkpoint;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A folder that is filled beside its target and becomes the target by one rename, so that there is a complete one or none.
 *
 * <pre>{@code
 * try (var publication = Publication.begin(target, false)) {
 *     write(publication.folder());
 *     publication.publish();
 * }
 * }</pre>
 *
 * <p>Without {@link #publish}, after a failure or when the process is told to end, nothing is left. What a killed process
 * leaves is removed by the next one that writes to the same target; see {@link StagingArea} for how it knows.
 *
 * <p>A folder that is overwritten stays in place until then. It is moved aside, the new one takes its place, and only then
 * it is deleted; if the new one can't take its place the old one is put back.
 */
public final class Publication implements AutoCloseable {
    /** How a folder gets another name. Tests put one here that fails. */
    @FunctionalInterface
    interface Rename {
        void apply(Path from, Path to) throws IOException;
    }

    private enum State {
        OPEN,
        PUBLISHED,
        CLOSED
    }

    private final Path target;
    private final boolean overwrite;
    private final Rename rename;
    private final ParentFolders parents;
    private final StagingArea area;
    private final Thread atExit = new Thread(this::closeAtExit, "hadron-publication");
    private State state = State.OPEN;

    private Publication(Path target, boolean overwrite, Rename rename, ParentFolders parents, StagingArea area) {
        this.target = target;
        this.overwrite = overwrite;
        this.rename = rename;
        this.parents = parents;
        this.area = area;
    }

    /**
     * Checks that {@code target} can be published to and creates an empty folder beside it. Missing parents are created,
     * and removed again if nothing is published.
     *
     * @param overwrite whether a target that isn't empty is replaced
     * @throws InvalidInputException when the target is a file, a link, a folder that isn't empty or can't be replaced, or
     *     one that another process is writing to
     */
    public static Publication begin(Path target, boolean overwrite) throws IOException {
        return begin(target, overwrite, (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    static Publication begin(Path target, boolean overwrite, Rename rename) throws IOException {
        Path place = TargetFolder.place(target);
        TargetFolder.requireFree(place, overwrite);
        ParentFolders parents = ParentFolders.create(place.resolveSibling(""));
        try {
            StagingArea area = StagingArea.create(place);
            Publication publication = new Publication(place, overwrite, rename, parents, area);
            try {
                // Once more, because cleaning up may have put back what a killed process had moved aside.
                TargetFolder.requireFree(place, overwrite);
                Runtime.getRuntime().addShutdownHook(publication.atExit);
                return publication;
            } catch (IOException | RuntimeException e) {
                area.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            parents.removeEmpty();
            throw e;
        }
    }

    /**
     * Refuses an output folder that is the model's own, is inside it or holds it.
     *
     * @throws InvalidInputException saying which
     */
    public static void refuseInside(Path source, Path target) throws IOException {
        Path model = TargetFolder.real(source);
        Path output = TargetFolder.real(target);
        if (output.equals(model)) {
            throw new InvalidInputException("the output folder " + target + " is the model's own; name another one");
        }
        if (output.startsWith(model)) {
            throw new InvalidInputException(
                    "the output folder " + target + " is inside the model's folder " + source + "; name one outside");
        }
        if (model.startsWith(output)) {
            throw new InvalidInputException(
                    "the output folder " + target + " holds the model's folder " + source + "; name another one");
        }
    }

    /** The folder to fill. */
    public Path folder() {
        return area.folder();
    }

    /**
     * Brings every file to the disk and gives the folder its target's name.
     *
     * @throws InvalidInputException when something has taken the target's place meanwhile
     * @throws IOException when a file can't be brought to the disk or a folder can't be renamed: nothing is published. Or
     *     when only the folder that was replaced can't be deleted, which the message says
     */
    public void publish() throws IOException {
        requireOpen();
        FolderTree.sync(folder());
        swap();
        try {
            FolderTree.syncList(target.resolveSibling(""));
        } catch (ClosedByInterruptException e) {
            // It is published, so what interrupted this thread came too late to be answered with a failure.
            System.getLogger(Publication.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> target + " may not be on the disk yet", e);
        }
        try {
            FolderTree.delete(folder());
        } catch (IOException e) {
            throw new IOException(
                    target + " is published, but the folder that it replaced is left as " + folder() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Not while the process ends: the renames belong together. */
    private synchronized void swap() throws IOException {
        requireOpen();
        TargetFolder.requireFree(target, overwrite);
        boolean replaces = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (replaces) {
            rename.apply(target, area.replaced());
        }
        try {
            rename.apply(folder(), target);
        } catch (IOException | RuntimeException e) {
            if (replaces) {
                putBack(e);
            }
            throw e;
        }
        state = State.PUBLISHED;
        if (replaces) {
            // Under this name it is never put back, which matters once a part of it is deleted.
            rename.apply(area.replaced(), folder());
        }
    }

    private void putBack(Exception failure) throws IOException {
        try {
            rename.apply(area.replaced(), target);
        } catch (IOException e) {
            e.addSuppressed(failure);
            throw new IOException(
                    "nothing is published, and the folder that was at " + target + " is left as " + area.replaced()
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /** Unless it is published, deletes the folder and all that is in it. A second call does nothing. */
    @Override
    public void close() throws IOException {
        if (release()) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                // The process ends just now; the hook will find nothing to do.
                return;
            }
        }
    }

    private synchronized boolean release() throws IOException {
        if (state == State.CLOSED) {
            return false;
        }
        state = State.CLOSED;
        area.close();
        parents.removeEmpty();
        return true;
    }

    private void closeAtExit() {
        try {
            release();
        } catch (IOException e) {
            System.getLogger(Publication.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "the rest of " + target + " is left to the next run", e);
        }
    }

    private synchronized void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException(target + " is " + (state == State.PUBLISHED ? "published" : "given up"));
        }
    }
}
