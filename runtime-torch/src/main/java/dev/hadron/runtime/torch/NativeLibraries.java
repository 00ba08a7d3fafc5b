package dev.hadron.runtime.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Loads libtorch from the folder that JavaCPP unpacks it to.
 *
 * <p>A process that is ended while it unpacks leaves a part of a library. JavaCPP replaces that when it comes to it, but may
 * first load a neighbour that needs it, and to load a part of a library kills the JVM. The same happens while another process
 * unpacks. So one process at a time loads, and takes away what isn't whole before.
 */
final class NativeLibraries {
    private static final String LOCK = ".hadron.lock";
    private static boolean loaded;

    private NativeLibraries() {}

    /** Loads them; a second call does nothing. */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            Path cache = Loader.getCacheDir().toPath();
            FileChannel channel = lockFile(cache);
            if (channel == null) {
                Loader.load(torch.class);
            } else {
                loadLocked(cache, channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        loaded = true;
    }

    /** Deletes the files in a cache that are shorter or longer than the entries of the jars that they come from. */
    static void removeIncomplete(Path cache) throws IOException {
        Files.walkFileTree(cache, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()
                        && attributes.size() != expectedSize(cache.relativize(file), attributes)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What a file {@code JAR/ENTRY} must have; what comes from no jar of ours is right as it is. */
    private static long expectedSize(Path file, BasicFileAttributes attributes) throws IOException {
        int names = file.getNameCount();
        if (names > 1) {
            String entry = file.subpath(1, names).toString().replace('\\', '/');
            URL resource = Loader.class.getClassLoader().getResource(entry);
            if (resource != null
                    && resource.openConnection() instanceof JarURLConnection jar
                    && Path.of(jar.getJarFile().getName()).endsWith(file.getName(0))) {
                return jar.getJarEntry().getSize();
            }
        }
        return attributes.size();
    }

    private static void loadLocked(Path cache, FileChannel channel) throws IOException {
        try (channel) {
            if (lock(channel) != null) {
                removeIncomplete(cache);
            }
            Loader.load(torch.class);
        }
    }

    /** None where nothing can be written: then nothing is unpacked there either. */
    private static @Nullable FileChannel lockFile(Path cache) throws IOException {
        try {
            return FileChannel.open(cache.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            System.getLogger(NativeLibraries.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> cache + " can't be written to", e);
            return null;
        }
    }

    /** None where the file system has no locks. */
    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.lock();
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            System.getLogger(NativeLibraries.class.getName())
                    .log(System.Logger.Level.DEBUG, "the folder of native libraries can't be locked", e);
            return null;
        }
    }
}
