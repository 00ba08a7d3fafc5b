package dev.hadron.pipeline;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** Checksums that tell whether what was read back is what was written. */
final class Digest {
    private static final long PIECE = 1 << 26;

    private final CRC32C sum = new CRC32C();

    /** CRC-32C of the bytes. */
    static long of(MemorySegment data) {
        return new Digest().add(data).value();
    }

    /** Goes on with more bytes. */
    Digest add(MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += PIECE) {
            sum.update(data.asSlice(at, Math.min(PIECE, data.byteSize() - at)).asByteBuffer());
        }
        return this;
    }

    /** CRC-32C of all bytes so far. */
    long value() {
        return sum.getValue();
    }
}
