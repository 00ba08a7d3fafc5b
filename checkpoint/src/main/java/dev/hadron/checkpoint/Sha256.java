package dev.hadron.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** The SHA-256 of files of any size: what a recipe names its inputs by. */
public final class Sha256 {
    /** Fits a core's cache, to be hashed from there; a digest takes arrays as a whole, other memory in small parts. */
    private static final int PIECE = 1 << 17;

    private Sha256() {}

    /**
     * The hash of a file's bytes, in lower-case hexadecimal digits.
     *
     * @param bytesRead is told now and then how many bytes have been read so far
     */
    public static String of(Path file, LongConsumer bytesRead) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long read = 0;
            for (int count = channel.read(piece); count >= 0; count = channel.read(piece.clear())) {
                digest.update(piece.array(), 0, count);
                read += count;
                bytesRead.accept(read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of bytes in memory, in lower-case hexadecimal digits. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
