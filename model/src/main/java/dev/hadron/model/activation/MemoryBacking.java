package dev.hadron.model.activation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps everything in memory. */
final class MemoryBacking implements Backing {
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final Map<Long, MemorySegment> ranges = new ConcurrentHashMap<>();

    @Override
    public void write(long at, MemorySegment bytes) {
        ranges.computeIfAbsent(at, unused -> arena.allocate(bytes.byteSize(), ALIGNMENT))
                .copyFrom(bytes);
    }

    @Override
    public MemorySegment read(long at, long bytes, Arena unused) {
        return Objects.requireNonNull(ranges.get(at)).asSlice(0, bytes);
    }

    @Override
    public void force() {}

    @Override
    public void close() {
        arena.close();
    }
}
