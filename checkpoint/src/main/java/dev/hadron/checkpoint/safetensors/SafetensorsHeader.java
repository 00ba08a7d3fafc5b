package dev.hadron.checkpoint.safetensors;

import dev.hadron.error.CheckpointFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, every number of it checked against the file's size.
 *
 * <p>The file is, in this order and with all numbers little-endian:
 * <ol>
 *   <li>8 bytes: the length <i>n</i> of the JSON text, an unsigned integer of at most 100,000,000;
 *   <li><i>n</i> bytes: one JSON object in UTF-8 that begins with an opening brace, spaces may follow it. Under each
 *       tensor's name stands an object of {@code dtype} (a name of {@link dev.hadron.dtype.StorageType}), {@code shape} (a
 *       list of integers, empty for a scalar) and {@code data_offsets} (begin and end, counted from the end of this text).
 *       The name {@code __metadata__}, which is optional, holds strings by name;
 *   <li>to the end of the file: the elements, row by row. Sorted by offset, each tensor begins where the one before it
 *       ends, the first at 0 and the last up to the end of the file; a tensor without elements takes no bytes.
 * </ol>
 *
 * @param metadata the strings of {@code __metadata__}, in the file's order
 * @param tensors by offset
 * @param dataStart where the data begins, counted from the beginning of the file
 */
public record SafetensorsHeader(Map<String, String> metadata, List<TensorEntry> tensors, long dataStart) {
    /** The largest header that the format allows, in bytes. */
    public static final int LARGEST_HEADER = 100_000_000;

    static final int LENGTH_BYTES = Long.BYTES;
    private static final long GIT_LFS_POINTER = littleEndian("version ".getBytes(StandardCharsets.US_ASCII));

    /** Copies both collections. */
    public SafetensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
    }

    /**
     * Reads the header of a file and nothing else of it.
     *
     * @throws CheckpointFormatException when any part of it doesn't fit the rest or the file
     */
    public static SafetensorsHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long fileSize = channel.size();
            if (fileSize < LENGTH_BYTES) {
                throw new CheckpointFormatException(file + " has " + fileSize
                        + " bytes, too few for a safetensors file, which begins with 8 bytes of header length;"
                        + " the file may be an incomplete download");
            }
            byte[] prefix = readFully(file, channel, 0, LENGTH_BYTES);
            int length = checkedLength(file, littleEndian(prefix), fileSize);
            return parse(file, readFully(file, channel, LENGTH_BYTES, length), fileSize);
        }
    }

    /**
     * Parses the JSON text of a header.
     *
     * @param file the name in messages
     * @param json the text, in UTF-8
     * @param fileSize the size of the whole file in bytes
     */
    public static SafetensorsHeader parse(Path file, byte[] json, long fileSize) {
        return new HeaderParser(file, LENGTH_BYTES + json.length, fileSize).parse(json);
    }

    private static int checkedLength(Path file, long length, long fileSize) {
        if (length == GIT_LFS_POINTER) {
            throw new CheckpointFormatException(
                    file + " is a pointer of Git LFS instead of the weights; run \"git lfs pull\" to fetch them");
        }
        if (length == 0) {
            throw new CheckpointFormatException(file + " states a header of 0 bytes, which is what a file has whose"
                    + " writing was never finished; write or download it again");
        }
        if (length < 0 || length > LARGEST_HEADER) {
            throw new CheckpointFormatException(
                    file + " states a header of " + Long.toUnsignedString(length) + " bytes, more than the "
                            + LARGEST_HEADER + " that the format allows, so it isn't a safetensors file");
        }
        if (length > fileSize - LENGTH_BYTES) {
            throw new CheckpointFormatException(file + " states a header of " + length + " bytes, but only "
                    + (fileSize - LENGTH_BYTES) + " follow; the file is truncated, get it again");
        }
        return (int) length;
    }

    private static byte[] readFully(Path file, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
        }
        return buffer.array();
    }

    private static long littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
