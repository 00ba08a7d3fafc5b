package dev.hadron.checkpoint.torchfile;

import dev.hadron.error.CheckpointFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read in order; none is read that isn't there. */
final class PickleBytes {
    private final String source;
    private final ByteBuffer bytes;
    private int opcodeAt;

    PickleBytes(String source, byte[] pickle) {
        this.source = source;
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The next opcode; failures from now on are at its place. */
    Opcode opcode() {
        opcodeAt = bytes.position();
        int code = unsignedByte();
        if (!Opcode.isKnown(code)) {
            throw failure(String.format("has the byte 0x%02x, which is no opcode of a pickle", code));
        }
        return Opcode.of(code);
    }

    int unsignedByte() {
        require(Byte.BYTES);
        return Byte.toUnsignedInt(bytes.get());
    }

    int unsignedShort() {
        require(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int signedInt() {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long unsignedInt() {
        return Integer.toUnsignedLong(signedInt());
    }

    long signedLong() {
        require(Long.BYTES);
        return bytes.getLong();
    }

    /** A signed integer of that many bytes; none are zero. */
    long integer(int length) {
        if (length > Long.BYTES) {
            throw failure("has an integer of " + length + " bytes, which no tensor needs");
        }
        require(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= Byte.toUnsignedLong(bytes.get()) << (i * Byte.SIZE);
        }
        int unused = Long.SIZE - length * Byte.SIZE;
        return length == 0 ? 0 : value << unused >> unused;
    }

    String text(long length) {
        require(length);
        ByteBuffer part = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return decoded(part);
    }

    /** Up to the end of the line, which is skipped. */
    String line() {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        String line = text(end - bytes.position());
        require(1);
        bytes.get();
        return line;
    }

    void require(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw failure("ends within what needs " + length + " bytes, of which " + bytes.remaining()
                    + " are left; the file is truncated or damaged, get it again");
        }
    }

    boolean atEnd() {
        return !bytes.hasRemaining();
    }

    /** What is wrong at the last opcode. */
    CheckpointFormatException failure(String what) {
        return new CheckpointFormatException(source + ", at byte " + opcodeAt + ", " + what);
    }

    private String decoded(ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw failure("has a text that isn't UTF-8; the file is damaged, get it again");
        }
    }
}
