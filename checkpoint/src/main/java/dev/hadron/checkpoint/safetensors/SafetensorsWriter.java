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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one safetensors file, in the layout that {@link SafetensorsHeader} describes. All tensors are declared first, since the
 * header comes first; then their elements are handed over, whole or in pieces, in any order and by any thread, and go to their place
 * in the file at once.
 *
 * <p>The first 8 bytes, the length of the header, stay zero until everything else is on the disk: no reader takes what a
 * killed process leaves for a complete file.
 *
 * <p>The header is padded so that the data begins at a multiple of 8 bytes. Tensors follow each other without padding, so
 * whoever mixes types of several sizes and odd numbers of elements declares the larger types first if alignment matters.
 */
public final class SafetensorsWriter implements AutoCloseable {
    /** Java copies what is on the heap into a buffer of the same size outside; this bounds it. */
    private static final int HEAP_CHUNK = 1 << 20;

    /** A call that the system carries out as a whole, so it is kept short enough for a thread to be stopped. */
    private static final int CHUNK = 1 << 26;

    private final Path file;
    private final FileChannel channel;
    private final int headerLength;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private int incomplete;
    private int writing;
    private boolean failed;
    private boolean closed;
    private @Nullable IOException failure;

    /** The place of a tensor. */
    private record Slot(TensorDeclaration tensor, long offset, Coverage coverage) {}

    private SafetensorsWriter(Path file, FileChannel channel, List<TensorDeclaration> tensors, int headerLength) {
        this.file = file;
        this.channel = channel;
        this.headerLength = headerLength;
        long offset = Long.BYTES + (long) headerLength;
        for (TensorDeclaration tensor : tensors) {
            slots.put(tensor.name(), new Slot(tensor, offset, new Coverage(tensor.byteSize())));
            offset += tensor.byteSize();
            incomplete += tensor.byteSize() > 0 ? 1 : 0;
        }
    }

    /**
     * Creates a file and writes its header.
     *
     * @param metadata strings by name for {@code __metadata__}; left out when empty
     * @param tensors all tensors, in the order in which they lie in the file
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
            writer.writeFully(ByteBuffer.allocate(Long.BYTES), 0);
            writer.writeFully(ByteBuffer.wrap(header), Long.BYTES);
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
    }

    /**
     * Writes all elements of a tensor.
     *
     * @throws IllegalArgumentException when none of this name, type and shape is declared, or a part of it is written
     */
    public void write(String name, Tensor tensor) throws IOException {
        TensorDeclaration declared = slot(name).tensor();
        if (!declared.type().equals(tensor.type()) || !declared.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(file + ": tensor " + name + " was declared as " + declared.type() + " "
                    + declared.shape() + ", but " + tensor.type() + " " + tensor.shape() + " is written");
        }
        write(name, 0, tensor.data());
    }

    /**
     * Writes a piece of a tensor's elements.
     *
     * @param at where in the tensor the piece begins, in bytes
     * @throws IllegalArgumentException when no such tensor is declared, the piece passes its end, or a part of it is written already
     * @throws IOException when this or an earlier piece can't be written
     */
    public void write(String name, long at, MemorySegment piece) throws IOException {
        Slot slot = claim(name, at, piece.byteSize());
        boolean done = false;
        try {
            int chunk = piece.isNative() ? CHUNK : HEAP_CHUNK;
            for (long from = 0; from < piece.byteSize(); from += chunk) {
                MemorySegment part = piece.asSlice(from, Math.min(chunk, piece.byteSize() - from));
                writeFully(part.asByteBuffer(), slot.offset() + at + from);
            }
            done = true;
        } catch (IOException e) {
            synchronized (this) {
                failure = failure == null ? e : failure;
            }
            throw e;
        } finally {
            release(done);
        }
    }

    /** Whether every byte of every tensor is written. */
    public synchronized boolean isComplete() {
        return incomplete == 0 && writing == 0 && !failed;
    }

    /** Brings to the disk what is written so far, so that less is left for {@link #close}. Safe beside writing threads. */
    void force() throws IOException {
        channel.force(false);
    }

    /**
     * Brings everything to the disk, then the header's length, and that to the disk too.
     *
     * @throws IllegalStateException when elements are missing; the file is deleted
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (failed) {
            discard();
        } else if (incomplete > 0) {
            discard();
            throw new IllegalStateException(file + " is incomplete, so it was deleted: " + missing());
        } else {
            complete();
        }
    }

    private void complete() throws IOException {
        failed = true;
        try (channel) {
            channel.force(true);
            writeFully(
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(headerLength)
                            .flip(),
                    0);
            channel.force(true);
            failed = false;
        } catch (IOException e) {
            discard();
            throw FileFailure.in(file, e);
        }
    }

    private String missing() {
        Slot slot = slots.values().stream()
                .filter(candidate -> !candidate.coverage().isWhole())
                .findFirst()
                .orElseThrow();
        return "of " + slots.size() + " tensors " + incomplete + " aren't written; the first is "
                + slot.tensor().name() + " from byte " + slot.coverage().firstMissing() + " on";
    }

    private synchronized Slot slot(String name) throws IOException {
        if (failure != null) {
            // Another thread met it; whichever is heard first shall say the same.
            throw new IOException(failure.getMessage(), failure);
        }
        if (closed || failed) {
            throw new IllegalStateException(
                    file + " can't be written any more: it " + (failed ? "failed" : "is closed"));
        }
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException(file + ": tensor " + name + " is written, but not declared");
        }
        return slot;
    }

    /** A piece that is being written counts as written for others, but the tensor isn't complete before that. */
    private synchronized Slot claim(String name, long at, long size) throws IOException {
        Slot slot = slot(name);
        boolean wasWhole = slot.coverage().isWhole();
        if (!slot.coverage().add(at, at + size)) {
            throw new IllegalArgumentException(file + ": bytes " + at + " to " + (at + size) + " of tensor " + name
                    + " are written, but it has " + slot.tensor().byteSize()
                    + ", of which each is to be written once");
        }
        incomplete -= !wasWhole && slot.coverage().isWhole() ? 1 : 0;
        writing++;
        return slot;
    }

    private synchronized void release(boolean done) {
        writing--;
        failed |= !done; // a part can't be taken back
    }

    private void writeFully(ByteBuffer bytes, long at) throws IOException {
        try {
            long position = at;
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            throw FileFailure.in(file, e);
        }
    }

    /** Deletes the file, whatever is written. */
    void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
