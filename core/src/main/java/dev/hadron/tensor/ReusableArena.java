package dev.hadron.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that is used for one piece of work after another, without going back to the system between them. One thread at a time may
 * allocate; any thread may use what was allocated.
 */
public final class ReusableArena implements Arena {
    private static final long ALIGNMENT = 64;

    private Arena memory = Arena.ofShared();
    private MemorySegment block = MemorySegment.NULL;
    private long used;
    private long wanted;

    /** Nothing is allocated yet. */
    public ReusableArena() {}

    /** Zeroed memory. */
    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        return unfilled(byteSize, byteAlignment).fill((byte) 0);
    }

    /** Memory that holds whatever it held before. */
    public MemorySegment unfilled(long byteSize) {
        return unfilled(byteSize, ALIGNMENT);
    }

    /** Memory of any arena for what writes every byte of it: unfilled where the arena has such memory, else zeroed. */
    public static MemorySegment unfilled(Arena arena, long byteSize) {
        return arena instanceof ReusableArena reusable
                ? reusable.unfilled(byteSize)
                : arena.allocate(byteSize, ALIGNMENT);
    }

    private MemorySegment unfilled(long byteSize, long byteAlignment) {
        if (byteSize < 0 || byteAlignment > ALIGNMENT) {
            throw new IllegalArgumentException("no memory of " + byteSize + " bytes aligned to " + byteAlignment);
        }
        long padded = Math.ceilDiv(byteSize, ALIGNMENT) * ALIGNMENT;
        wanted += padded;
        if (padded > block.byteSize() - used) {
            return memory.allocate(byteSize, ALIGNMENT);
        }
        MemorySegment segment = block.asSlice(used, byteSize);
        used += padded;
        return segment;
    }

    /**
     * Makes everything allocated so far free to be allocated again: nothing of it may be used any more. Where it didn't fit the memory
     * at hand, that is exchanged for as much as was needed.
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by the next reset, or by close
    public void reset() {
        if (wanted > block.byteSize()) {
            memory.close();
            memory = Arena.ofShared();
            block = memory.allocate(wanted, ALIGNMENT);
        }
        used = 0;
        wanted = 0;
    }

    /** Of what is allocated until {@link #reset}. */
    @Override
    public MemorySegment.Scope scope() {
        return memory.scope();
    }

    @Override
    public void close() {
        memory.close();
    }
}
