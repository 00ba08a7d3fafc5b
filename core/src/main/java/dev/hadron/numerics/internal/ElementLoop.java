package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;

/** Loops over whole vectors of elements; counts are multiples of {@link Lanes#COUNT}. */
final class ElementLoop {
    private ElementLoop() {}

    /**
     * How many of {@code count} elements fill vectors whose loads and stores reach {@code reach} elements and stay within
     * {@code room}.
     */
    static long wholeVectors(long count, long room, int reach) {
        long fitting = Math.max(0, Math.min(count, room - (reach - Lanes.COUNT)));
        return fitting - fitting % Lanes.COUNT;
    }

    static void fakeQuantize(ElementLanes lanes, MemorySegment x, long from, MemorySegment y, long to, long count) {
        for (long i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(lanes.fakeQuantize(Lanes.floats(x, from + i)), y, to + i);
        }
    }

    static void quantize(ElementLanes lanes, MemorySegment x, long from, MemorySegment codes, long to, long count) {
        for (long i = 0; i < count; i += Lanes.COUNT) {
            Lanes.storeBytes(lanes.storedCode(Lanes.floats(x, from + i)), codes, to + i);
        }
    }

    static void quantizeNibbles(
            ElementLanes lanes, MemorySegment x, long from, MemorySegment codes, long to, long count) {
        for (long i = 0; i < count; i += Lanes.COUNT) {
            Lanes.storeNibbles(lanes.storedCode(Lanes.floats(x, from + i)), codes, to + i);
        }
    }

    static void dequantize(ElementLanes lanes, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        for (long i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(lanes.decode(Lanes.bytes(codes, from + i)), y, to + i);
        }
    }
}
