package dev.hadron.model.activation;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Float32 tensors of windows of tokens. Windows may be written and read by several threads at once, each window by one at a time.
 *
 * <p>In a file, tensors lie in the order in which they were {@linkplain #reserve reserved}, each at the next multiple of 64 bytes, so that
 * another process that reserves the same finds them again.
 */
public final class ActivationStore implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Backing backing;
    private final Map<Integer, List<Extent>> extents = new HashMap<>();
    private long end;

    private record Extent(long at, Shape shape) {
        long bytes() {
            return shape.elements() * Float.BYTES;
        }
    }

    private ActivationStore(Backing backing) {
        this.backing = backing;
    }

    /** A store in memory. */
    public static ActivationStore inMemory() {
        return new ActivationStore(new MemoryBacking());
    }

    /** A store in a file, which is made if it isn't there and keeps what it holds if it is. */
    public static ActivationStore inFile(Path file) throws IOException {
        return new ActivationStore(new FileBacking(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)));
    }

    /** A store in memory or, above a limit, in a temporary file that is gone when the store is closed. */
    public static ActivationStore temporary(long bytes, long limit) throws IOException {
        if (bytes <= limit) {
            return inMemory();
        }
        Path file = Files.createTempFile("hadron-activations", null);
        return new ActivationStore(new FileBacking(
                file,
                FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)));
    }

    /** Makes room for the tensors of a window. */
    public synchronized void reserve(int window, List<Shape> shapes) {
        List<Extent> reserved = new ArrayList<>();
        for (Shape shape : shapes) {
            Extent extent = new Extent(end, shape);
            reserved.add(extent);
            end += Math.ceilDiv(extent.bytes(), ALIGNMENT) * ALIGNMENT;
        }
        extents.put(window, List.copyOf(reserved));
    }

    /** Stores the tensors of a window in place of those that it had. */
    public void put(int window, List<Tensor> tensors) {
        List<Extent> room = room(window, tensors.stream().map(Tensor::shape).toList());
        try {
            for (int i = 0; i < room.size(); i++) {
                backing.write(room.get(i).at(), tensors.get(i).data());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shows the tensors of a window; they must not be changed and not be kept. */
    public <R> R read(int window, Function<List<Tensor>, R> reader) {
        List<Extent> stored = extents(window);
        try (Arena arena = Arena.ofConfined()) {
            List<Tensor> tensors = new ArrayList<>();
            for (Extent extent : stored) {
                MemorySegment data =
                        extent.bytes() == 0 ? MemorySegment.NULL : backing.read(extent.at(), extent.bytes(), arena);
                tensors.add(new Tensor(StorageType.F32, extent.shape(), data));
            }
            return reader.apply(tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many windows it holds. */
    public synchronized int windows() {
        return extents.size();
    }

    /** The shapes of a window's tensors. */
    public List<Shape> shapes(int window) {
        return extents(window).stream().map(Extent::shape).toList();
    }

    /** Brings all that was stored to the disk, if it is in a file. */
    public void force() throws IOException {
        backing.force();
    }

    @Override
    public void close() {
        try {
            backing.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized List<Extent> extents(int window) {
        List<Extent> stored = extents.get(window);
        if (stored == null) {
            throw new IllegalArgumentException("no activations of window " + window);
        }
        return stored;
    }

    private synchronized List<Extent> room(int window, List<Shape> shapes) {
        List<Extent> room = extents.get(window);
        if (room == null || !room.stream().map(Extent::shape).toList().equals(shapes)) {
            reserve(window, shapes);
        }
        return extents(window);
    }
}
