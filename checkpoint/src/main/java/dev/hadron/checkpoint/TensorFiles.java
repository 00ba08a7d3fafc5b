package dev.hadron.checkpoint;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings parts of tensors into memory that doesn't grow with what has been read. Each file is opened once and stays open. Any thread may
 * read.
 */
public final class TensorFiles implements AutoCloseable {
    private static final long CHUNK = 1 << 26;

    /** Up to that many bytes a tensor is mapped as a whole to read parts that lie apart: a call for each of them takes longer. */
    private static final long MAPPED = 1 << 26;

    private final Map<Path, FileChannel> channels = new ConcurrentHashMap<>();

    /** No file is open yet. */
    public TensorFiles() {}

    /**
     * Reads a part of a tensor. Memory that is used again takes what is read faster than a mapping does, which comes page by page.
     *
     * @param slice of the tensor's shape
     * @param memory where it is read to
     * @return the slice, as long as the memory isn't reset
     * @throws CheckpointFormatException when the file ends before the tensor does
     */
    public Tensor read(TensorInfo tensor, TensorSlice slice, ReusableArena memory) throws IOException {
        int width = tensor.type().bytes();
        long bytes = slice.runLength() * width;
        MemorySegment target = memory.unfilled(slice.runs() * bytes);
        if (slice.runs() > 1 && tensor.byteSize() <= MAPPED) {
            read(tensor, 0, tensor.byteSize(), whole -> gather(whole, slice, width, target));
        } else {
            for (long run = 0; run < slice.runs(); run++) {
                read(tensor, slice.runStart(run) * width, target.asSlice(run * bytes, bytes));
            }
        }
        return new Tensor(tensor.type(), slice.shape(), target);
    }

    /**
     * Reads bytes of a tensor.
     *
     * @param at where in the tensor to begin, in bytes
     * @param memory is filled
     * @throws CheckpointFormatException when the file ends before the tensor does
     */
    public void read(TensorInfo tensor, long at, MemorySegment memory) throws IOException {
        FileChannel channel = channel(tensor.file());
        for (long done = 0; done < memory.byteSize(); ) {
            ByteBuffer rest = memory.asSlice(done, Math.min(CHUNK, memory.byteSize() - done))
                    .asByteBuffer();
            int count = channel.read(rest, tensor.offset() + at + done);
            if (count < 0) {
                throw truncated(tensor);
            }
            done += count;
        }
    }

    /** Does something with bytes of a file. */
    @FunctionalInterface
    public interface Reader {
        /** Gets bytes that can be read until it returns. */
        void read(MemorySegment bytes) throws IOException;
    }

    /**
     * Maps bytes of a tensor for the time of a call.
     *
     * @param at where in the tensor to begin, in bytes
     * @param bytes how many
     * @throws CheckpointFormatException when the file ends before the tensor does
     */
    public void read(TensorInfo tensor, long at, long bytes, Reader reader) throws IOException {
        try (Arena mapping = Arena.ofConfined()) {
            reader.read(map(tensor, at, bytes, mapping));
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
    }

    private FileChannel channel(Path file) throws IOException {
        try {
            return channels.computeIfAbsent(file, TensorFiles::open);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemorySegment map(TensorInfo tensor, long at, long bytes, Arena mapping) throws IOException {
        FileChannel channel = channel(tensor.file());
        // Reading a mapping beyond the end of its file kills the JVM.
        if (channel.size() < tensor.offset() + at + bytes) {
            throw truncated(tensor);
        }
        // No system maps nothing.
        return bytes == 0
                ? MemorySegment.NULL
                : channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset() + at, bytes, mapping);
    }

    private static void gather(MemorySegment whole, TensorSlice slice, int width, MemorySegment target) {
        long bytes = slice.runLength() * width;
        for (long run = 0; run < slice.runs(); run++) {
            MemorySegment.copy(whole, slice.runStart(run) * width, target, run * bytes, bytes);
        }
    }

    private static CheckpointFormatException truncated(TensorInfo tensor) {
        return new CheckpointFormatException(tensor.file() + " ends within the tensor " + Quoted.of(tensor.name())
                + ", which it held when the checkpoint was opened; something changes it meanwhile");
    }
}
