package dev.hadron.model.activation;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** Keeps everything in a file. Ranges are written, not mapped to be written: a full disk then is an exception and not a signal. */
final class FileBacking implements Backing {
    private static final long LARGEST_BUFFER = 1L << 30;

    private final Path file;
    private final FileChannel channel;

    FileBacking(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    @Override
    public void write(long at, MemorySegment bytes) throws IOException {
        try {
            for (long done = 0; done < bytes.byteSize(); done += LARGEST_BUFFER) {
                ByteBuffer part = bytes.asSlice(done, Math.min(LARGEST_BUFFER, bytes.byteSize() - done))
                        .asByteBuffer();
                long position = at + done;
                while (part.hasRemaining()) {
                    position += channel.write(part, position);
                }
            }
        } catch (IOException e) {
            throw new IOException("the activations can't be written to " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public MemorySegment read(long at, long bytes, Arena arena) throws IOException {
        return channel.map(MapMode.READ_ONLY, at, bytes, arena);
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
