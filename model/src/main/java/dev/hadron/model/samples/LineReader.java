package dev.hadron.model.samples;

import dev.hadron.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The lines of a file as bytes, one at a time: memory holds one of them. */
final class LineReader implements AutoCloseable {
    /** Longer than any line that is meant; it bounds the memory that a wrong file can take. */
    static final int LONGEST = 1 << 26;

    private static final int BUFFER = 1 << 16;

    private final String name;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private long number;
    private long offset;

    /**
     * A line that isn't blank.
     *
     * @param number counted from 1
     * @param offset of its first byte in the file
     * @param bytes without the line break
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for a moment, and is compared with nothing
    record Line(long number, long offset, byte[] bytes) {}

    private LineReader(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /**
     * At the beginning of a file.
     *
     * @param name what messages call it
     */
    static LineReader open(Path file, String name) throws IOException {
        return new LineReader(name, FileChannel.open(file, StandardOpenOption.READ));
    }

    /** Goes to where a line begins. */
    void seek(long lineNumber, long lineOffset) throws IOException {
        channel.position(lineOffset);
        buffer.limit(0);
        number = lineNumber - 1;
        offset = lineOffset;
    }

    /** The next line that isn't blank, or null at the end. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = offset;
        while (buffer.hasRemaining() || fill()) {
            int size = untilBreak();
            boolean ended = size < buffer.remaining();
            line.write(buffer.array(), buffer.position(), size);
            int taken = ended ? size + 1 : size;
            buffer.position(buffer.position() + taken);
            offset += taken;
            if (line.size() > LONGEST) {
                throw new InvalidInputException(name + ", line " + (number + 1) + ", is longer than " + LONGEST
                        + " bytes; JSON lines hold one sample each");
            }
            if (ended) {
                number++;
                if (!isBlank(line.toByteArray())) {
                    return new Line(number, start, line.toByteArray());
                }
                line.reset();
                start = offset;
            }
        }
        number++;
        return isBlank(line.toByteArray()) ? null : new Line(number, start, line.toByteArray());
    }

    private int untilBreak() {
        for (int i = 0; i < buffer.remaining(); i++) {
            if (buffer.get(buffer.position() + i) == '\n') {
                return i;
            }
        }
        return buffer.remaining();
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        buffer.clear();
        boolean any = channel.read(buffer) > 0;
        buffer.flip();
        return any;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
