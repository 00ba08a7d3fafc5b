package dev.hadron.checkpoint;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A tensor whose elements are a read-only mapping of its file: bytes are read when they are touched, and only those. Any
 * thread may read it until {@link #close}, after which every access throws {@link IllegalStateException}.
 */
public final class MappedTensor implements AutoCloseable {
    private final Arena arena;
    private final Tensor tensor;

    private MappedTensor(Arena arena, Tensor tensor) {
        this.arena = arena;
        this.tensor = tensor;
    }

    /**
     * Maps the elements at {@code offset} of a file.
     *
     * @throws CheckpointFormatException when the file ends before the tensor does: reading such a mapping kills the JVM
     */
    @SuppressWarnings("MustBeClosedChecker") // the arena is this object's to close
    static MappedTensor of(Path file, long offset, StorageType type, Shape shape) throws IOException {
        long size = shape.elements() * type.bytes();
        // Shared: the elements of one tensor are quantized by several threads.
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < offset + size) {
                throw new CheckpointFormatException(file + " has " + channel.size() + " bytes, but had at least "
                        + (offset + size) + " when the checkpoint was opened; something changes it meanwhile");
            }
            // No system maps nothing.
            MemorySegment data =
                    size == 0 ? arena.allocate(0) : channel.map(FileChannel.MapMode.READ_ONLY, offset, size, arena);
            return new MappedTensor(arena, new Tensor(type, shape, data));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The elements, usable until this is closed. */
    public Tensor tensor() {
        return tensor;
    }

    /** Unmaps the elements; a second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
