package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Elements on their way between memory and vectors, as float32 in an array that fits the first-level cache. */
final class Tile {
    /** Elements in a tile: 8 KB of float32. */
    static final int SIZE = 2048;

    /** The elements, padded as {@link Lanes} says. */
    final float[] floats;

    private final StorageType type;
    private final short[] units;

    Tile(StorageType type, int capacity) {
        this.type = type;
        floats = new float[capacity + Lanes.PADDING];
        units = new short[type == StorageType.F32 ? 0 : floats.length];
    }

    /** A tile for so many elements, or as many as fit. */
    static Tile of(StorageType type, long count) {
        return new Tile(type, (int) Math.min(SIZE, count));
    }

    /** Reads elements of the tile's type. */
    void load(MemorySegment x, long from, int count) {
        if (type == StorageType.F32) {
            MemorySegment.copy(x, Tensor.FLOAT, from * Float.BYTES, floats, 0, count);
            return;
        }
        MemorySegment.copy(x, Tensor.SHORT, from * Short.BYTES, units, 0, count);
        if (type == StorageType.BF16) {
            WidenLoop.bfloat16(units, floats, count);
        } else {
            WidenLoop.float16(units, floats, count);
        }
    }

    /** Writes float32. */
    void store(MemorySegment y, long to, int count) {
        MemorySegment.copy(floats, 0, y, Tensor.FLOAT, to * Float.BYTES, count);
    }
}
