package dev.hadron.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** The SHA-256 of files of any size: what a recipe names its inputs by. */
public final class Sha256 {
    /** Enough for mapping it to cost nothing beside hashing it. */
    private static final long WINDOW = 1L << 23;

    private Sha256() {}

    /**
     * The hash of a file's bytes, in lower-case hexadecimal digits.
     *
     * @param bytesRead is told now and then how many bytes have been read so far
     */
    public static String of(Path file, LongConsumer bytesRead) throws IOException {
        MessageDigest digest = digest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            for (long at = 0; at < size; at += WINDOW) {
                long bytes = Math.min(WINDOW, size - at);
                try (Arena arena = Arena.ofConfined()) {
                    digest.update(channel.map(FileChannel.MapMode.READ_ONLY, at, bytes, arena)
                            .asByteBuffer());
                }
                bytesRead.accept(at + bytes);
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
