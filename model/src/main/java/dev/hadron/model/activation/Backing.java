package dev.hadron.model.activation;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Bytes at offsets, wherever they are kept. Safe for use by several threads on different ranges. */
interface Backing extends AutoCloseable {
    /** Stores bytes; the same range is written as a whole each time. */
    void write(long at, MemorySegment bytes) throws IOException;

    /**
     * The bytes of a range that was written as a whole.
     *
     * @param arena bounds how long they can be read
     */
    MemorySegment read(long at, long bytes, Arena arena) throws IOException;

    /** Brings all that was written to the disk, if that is where it goes. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
