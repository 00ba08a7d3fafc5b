package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.FileFailure;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes one safetensors file front to back, in the layout that {@link SafetensorsHeader} describes. All tensors are
 * declared first, since the header comes first; then their elements are handed over in the same order, whole or in pieces,
 * and go to the file at once.
 *
 * <p>The first 8 bytes, the length of the header, stay zero until everything else is on the disk: no reader takes what a
 * killed process leaves for a complete file.
 *
 * <p>The header is padded so that the data begins at a multiple of 8 bytes. Tensors follow each other without padding, so
 * whoever mixes types of several sizes and odd numbers of elements declares the larger types first if alignment matters.
 */
public final class SafetensorsWriter implements AutoCloseable {
    /** Java copies what is on the heap into a buffer of the same size outside; this bounds it. */
    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final List<TensorDeclaration> tensors;
    private final int headerLength;
    private int next;
    private long written;
    private boolean failed;

    private SafetensorsWriter(Path file, FileChannel channel, List<TensorDeclaration> tensors, int headerLength) {
        this.file = file;
        this.channel = channel;
        this.tensors = tensors;
        this.headerLength = headerLength;
    }

    /**
     * Creates a file and writes its header.
     *
     * @param metadata strings by name for {@code __metadata__}; left out when empty
     * @param tensors all tensors, in the order in which their elements will come
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static SafetensorsWriter create(Path file, Map<String, String> metadata, List<TensorDeclaration> tensors)
            throws IOException {
        TensorDeclaration.checkedByteSize(tensors);
        byte[] header = HeaderText.of(metadata, tensors);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return start(file, channel, List.copyOf(tensors), header);
    }

    /** Writes the header through a channel, which the writer owns from now on. */
    static SafetensorsWriter start(Path file, FileChannel channel, List<TensorDeclaration> tensors, byte[] header)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(file, channel, tensors, header.length);
        try {
            writer.writeFully(ByteBuffer.allocate(Long.BYTES));
            writer.writeFully(ByteBuffer.wrap(header));
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
    }

    /**
     * Writes all elements of the next tensor.
     *
     * @throws IllegalArgumentException when the next one declared isn't of this name, type and shape
     */
    public void write(String name, Tensor tensor) throws IOException {
        TensorDeclaration expected = expected(name);
        if (written > 0
                || !expected.type().equals(tensor.type())
                || !expected.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(file + ": tensor " + name + " was declared as " + expected.type() + " "
                    + expected.shape() + (written > 0 ? " and is partly written" : "") + ", but " + tensor.type() + " "
                    + tensor.shape() + " is written");
        }
        append(name, tensor.data());
    }

    /**
     * Writes a piece of the next tensor's elements, which continues what was appended before. A tensor without elements
     * takes one piece of no bytes.
     *
     * @throws IllegalArgumentException when the next tensor has another name, or fewer bytes left
     */
    public void append(String name, MemorySegment piece) throws IOException {
        TensorDeclaration expected = expected(name);
        if (piece.byteSize() > expected.byteSize() - written) {
            throw new IllegalArgumentException(file + ": tensor " + name + " has " + (expected.byteSize() - written)
                    + " bytes left to write, but " + piece.byteSize() + " are appended");
        }
        failed = true; // until all of it is written: a part can't be taken back
        for (long at = 0; at < piece.byteSize(); at += CHUNK) {
            writeFully(piece.asSlice(at, Math.min(CHUNK, piece.byteSize() - at)).asByteBuffer());
        }
        failed = false;
        written += piece.byteSize();
        if (written == expected.byteSize()) {
            next++;
            written = 0;
        }
    }

    /** Whether every byte of every tensor is written. */
    public boolean isComplete() {
        return next == tensors.size() && !failed;
    }

    /**
     * Brings everything to the disk, then the header's length, and that to the disk too.
     *
     * @throws IllegalStateException when elements are missing; the file is deleted
     */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen() && !failed) {
            return;
        }
        if (failed) {
            discard();
        } else if (next < tensors.size()) {
            discard();
            throw new IllegalStateException(file + " is incomplete, so it was deleted: of " + tensors.size()
                    + " tensors " + next + " are written, the next one is "
                    + tensors.get(next).name());
        } else {
            complete();
        }
    }

    private void complete() throws IOException {
        failed = true;
        try (channel) {
            channel.force(true);
            channel.position(0);
            writeFully(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(headerLength)
                    .flip());
            channel.force(true);
            failed = false;
        } catch (IOException e) {
            discard();
            throw FileFailure.in(file, e);
        }
    }

    private TensorDeclaration expected(String name) {
        if (!channel.isOpen() || failed) {
            throw new IllegalStateException(
                    file + " can't be written any more: it " + (failed ? "failed" : "is closed"));
        }
        if (next == tensors.size()) {
            throw new IllegalArgumentException(file + ": tensor " + name + " comes after the last one declared");
        }
        TensorDeclaration expected = tensors.get(next);
        if (!expected.name().equals(name)) {
            throw new IllegalArgumentException(
                    file + ": tensor " + name + " is written, but " + expected.name() + " was declared next");
        }
        return expected;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw FileFailure.in(file, e);
        }
    }

    private void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
