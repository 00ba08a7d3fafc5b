package dev.hadron.checkpoint;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads parts of tensors into memory of the caller's: unlike mapped pages, that doesn't grow with what has been read. Each file is opened
 * once and stays open. Any thread may read.
 */
public final class TensorFiles implements AutoCloseable {
    private static final long CHUNK = 1 << 26;

    private final Map<Path, FileChannel> channels = new ConcurrentHashMap<>();

    /** No file is open yet. */
    public TensorFiles() {}

    /**
     * Reads a part of a tensor.
     *
     * @param slice of the tensor's shape
     * @param memory at least as many bytes as the slice has
     * @return the slice, in that memory
     * @throws CheckpointFormatException when the file ends before the tensor does
     */
    public Tensor read(TensorInfo tensor, TensorSlice slice, MemorySegment memory) throws IOException {
        FileChannel channel = channel(tensor.file());
        int width = tensor.type().bytes();
        long bytes = slice.runLength() * width;
        for (long run = 0; run < slice.runs(); run++) {
            read(channel, tensor, slice.runStart(run) * width, memory.asSlice(run * bytes, bytes));
        }
        return new Tensor(tensor.type(), slice.shape(), memory.asSlice(0, slice.runs() * bytes));
    }

    /**
     * Reads bytes of a tensor.
     *
     * @param at where in the tensor to begin, in bytes
     * @param memory is filled
     * @throws CheckpointFormatException when the file ends before the tensor does
     */
    public void read(TensorInfo tensor, long at, MemorySegment memory) throws IOException {
        read(channel(tensor.file()), tensor, at, memory);
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

    private static void read(FileChannel channel, TensorInfo tensor, long at, MemorySegment memory) throws IOException {
        for (long done = 0; done < memory.byteSize(); ) {
            ByteBuffer rest = memory.asSlice(done, Math.min(CHUNK, memory.byteSize() - done))
                    .asByteBuffer();
            int count = channel.read(rest, tensor.offset() + at + done);
            if (count < 0) {
                throw new CheckpointFormatException(
                        tensor.file() + " ends within the tensor " + Quoted.of(tensor.name())
                                + ", which it held when the checkpoint was opened; something changes it meanwhile");
            }
            done += count;
        }
    }
}
