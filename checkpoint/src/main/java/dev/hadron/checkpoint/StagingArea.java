package dev.hadron.checkpoint;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hidden neighbours of a target while it is written, under a random id of 12 hexadecimal digits:
 * <ul>
 *   <li>{@code .NAME.hadron-ID.lock}, created first and deleted last. Its process holds a lock on it as long as it lives,
 *       and writes its number into it;
 *   <li>{@code .NAME.hadron-ID}, the folder that is filled; after it was published, the replaced one while it is deleted;
 *   <li>{@code .NAME.hadron-old-ID}, between two renames, the folder that the new one replaces.
 * </ul>
 *
 * <p>Whoever gets the lock of another id knows that its process is dead, and cleans up after it. Since no id is used twice,
 * a lock file that still exists under its name is the one that is locked.
 */
final class StagingArea implements AutoCloseable {
    /** Behind the text, since Windows lets nobody read what is locked. */
    private static final long LOCKED_BYTE = 1L << 40;

    /**
     * POSIX drops all locks of a process on a file as soon as the process closes any channel to it, so a lock file of this
     * process is never opened a second time.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final String id;
    private final FileChannel channel;

    private StagingArea(Path target, String id, FileChannel channel) {
        this.target = target;
        this.id = id;
        this.channel = channel;
    }

    /**
     * Cleans up after dead processes that wrote to the same target, and creates an empty folder.
     *
     * @param target an absolute path whose parent exists
     * @throws InvalidInputException when a living process writes to that target
     */
    static StagingArea create(Path target) throws IOException {
        StagingArea area = locked(target);
        try {
            area.cleanUpOthers();
            Files.createDirectory(area.folder());
            return area;
        } catch (IOException | RuntimeException e) {
            area.close();
            throw e;
        }
    }

    /** The folder that is filled. */
    Path folder() {
        return neighbour(target, "", id);
    }

    /** Where the folder that is replaced goes. */
    Path replaced() {
        return neighbour(target, "old-", id);
    }

    /**
     * Deletes the folder that was filled, if it is still there, and gives up the lock. If there is a replaced folder, which
     * takes two failures, the lock file stays: the next process that writes to the target puts that folder back.
     */
    @Override
    public void close() throws IOException {
        Path lock = lockFile(target, id);
        try (channel) {
            FolderTree.delete(folder());
            if (!Files.exists(replaced(), LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(lock);
            }
        } finally {
            HELD.remove(lock);
        }
    }

    private static StagingArea locked(Path target) throws IOException {
        SecureRandom random = new SecureRandom();
        while (true) {
            String id = HexFormat.of().toHexDigits(random.nextLong(), 12);
            Path file = lockFile(target, id);
            HELD.add(file);
            @Nullable FileChannel channel = null;
            boolean held = false;
            try {
                channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                String owner = Long.toString(ProcessHandle.current().pid());
                channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
                // Between creation and lock another process may have taken the file for that of a dead one.
                held = lock(channel) != Ownership.OTHERS && Files.exists(file);
                if (held) {
                    return new StagingArea(target, id, channel);
                }
            } finally {
                if (!held) {
                    HELD.remove(file);
                    if (channel != null) {
                        channel.close();
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private enum Ownership {
        OURS,
        OTHERS,
        UNKNOWN
    }

    /** Some network file systems have no locks: there nobody can tell whether a process is dead, and nothing is cleaned up. */
    private static Ownership lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            return lock == null ? Ownership.OTHERS : Ownership.OURS;
        } catch (OverlappingFileLockException e) {
            return Ownership.OTHERS;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return Ownership.UNKNOWN;
        }
    }

    private void cleanUpOthers() throws IOException {
        Path parent = parent(target);
        Pattern names = Pattern.compile("\\." + Pattern.quote(name(target)) + "\\.hadron-([0-9a-f]{12})\\.lock");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent)) {
            for (Path file : files) {
                Matcher matcher = names.matcher(String.valueOf(file.getFileName()));
                if (matcher.matches() && !matcher.group(1).equals(id)) {
                    cleanUp(matcher.group(1));
                }
            }
        }
    }

    private void cleanUp(String other) throws IOException {
        Path file = lockFile(target, other);
        if (!HELD.add(file)) {
            throw inUse(Long.toString(ProcessHandle.current().pid()));
        }
        try (FileChannel othersChannel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            switch (lock(othersChannel)) {
                case OTHERS -> throw inUse(owner(othersChannel));
                case OURS -> {
                    restore(neighbour(target, "old-", other));
                    FolderTree.delete(neighbour(target, "", other));
                    Files.deleteIfExists(file);
                }
                case UNKNOWN -> {}
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            // It has just finished; or it is another user's, who will clean up himself.
            return;
        } finally {
            HELD.remove(file);
        }
    }

    /** Whoever died between moving the old folder away and putting the new one in its place left no target. */
    private void restore(Path old) throws IOException {
        if (!Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            FolderTree.delete(old);
        } else {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private InvalidInputException inUse(String process) {
        return new InvalidInputException(
                target + " is being written by process " + process + "; wait for it or name another folder");
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    private static Path lockFile(Path target, String id) {
        return parent(target).resolve("." + name(target) + ".hadron-" + id + ".lock");
    }

    private static Path neighbour(Path target, String kind, String id) {
        return parent(target).resolve("." + name(target) + ".hadron-" + kind + id);
    }

    private static String name(Path target) {
        return String.valueOf(target.getFileName());
    }

    private static Path parent(Path target) {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(target + " has no parent");
        }
        return parent;
    }
}
