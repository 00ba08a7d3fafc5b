package dev.hadron.numerics.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room outside the heap, of one thread, for tiles that loops can't work on where they lie. There is one, since a thread works on one tile at a
 * time: what is in it lasts until the next tile is loaded.
 *
 * @param elements as they are in memory
 * @param floats the same widened
 * @param scaled numbers that an array was copied to
 * @param codes as they are stored
 */
record TileMemory(MemorySegment elements, MemorySegment floats, MemorySegment scaled, MemorySegment codes) {
    private static final ThreadLocal<TileMemory> OF_THREAD = ThreadLocal.withInitial(TileMemory::allocate);

    /** That of the calling thread, which stays as long as the thread does. */
    static TileMemory ofThread() {
        return OF_THREAD.get();
    }

    private static TileMemory allocate() {
        long codes = (long) Tile.SIZE + Lanes.PADDING;
        long floats = codes * Float.BYTES;
        return new TileMemory(aligned(floats), aligned(floats), aligned(floats), aligned(codes));
    }

    /** To a cache line, which is as long as the widest vector. */
    private static MemorySegment aligned(long bytes) {
        return Arena.ofAuto().allocate(bytes, 64);
    }
}
