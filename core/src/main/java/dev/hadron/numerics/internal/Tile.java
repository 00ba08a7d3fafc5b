package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Elements on their way between memory and vectors, in arrays that fit the first-level cache. Loops that widen elements on their way through
 * registers take them as they lie in memory, all others as float32.
 */
final class Tile {
    /** Elements in a tile: 8 KB of float32. */
    static final int SIZE = 2048;

    /** What the elements are in memory. */
    final StorageType type;

    /** Elements of 16 bits as they are in memory, padded as {@link Lanes} says. */
    final short[] units;

    private final int room;
    private float[] floats = {};
    private int count;
    private boolean wide;

    Tile(StorageType type, int capacity) {
        this.type = type;
        room = capacity + Lanes.PADDING;
        wide = type == StorageType.F32;
        if (wide) {
            floats = new float[room];
            units = new short[0];
        } else {
            units = new short[room];
        }
    }

    /** A tile for so many elements, or as many as fit. */
    static Tile of(StorageType type, long count) {
        return new Tile(type, (int) Math.min(SIZE, count));
    }

    /** Says that so many elements were brought into {@link #units}. */
    void loaded(int elements) {
        count = elements;
        wide = false;
    }

    /** Reads elements of the tile's type. */
    void load(MemorySegment x, long from, int elements) {
        if (type == StorageType.F32) {
            MemorySegment.copy(x, Tensor.FLOAT, from * Float.BYTES, floats, 0, elements);
            count = elements;
        } else {
            MemorySegment.copy(x, Tensor.SHORT, from * Short.BYTES, units, 0, elements);
            loaded(elements);
        }
    }

    /** The elements as float32, padded as {@link Lanes} says. */
    float[] floats() {
        if (!wide) {
            // Most 16-bit elements are never floats in memory.
            floats = floats.length == 0 ? new float[room] : floats;
            if (type == StorageType.BF16) {
                WidenLoop.bfloat16(units, floats, count);
            } else {
                WidenLoop.float16(units, floats, count);
            }
            wide = true;
        }
        return floats;
    }

    /** One of the elements. */
    float at(int index) {
        if (type == StorageType.F32) {
            return floats[index];
        }
        return type == StorageType.BF16
                ? Float.intBitsToFloat(units[index] << Short.SIZE)
                : Float.float16ToFloat(units[index]);
    }

    /** Writes float32. */
    void store(MemorySegment y, long to, int elements) {
        MemorySegment.copy(floats(), 0, y, Tensor.FLOAT, to * Float.BYTES, elements);
    }
}
