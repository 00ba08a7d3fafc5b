package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Elements on their way between memory and vectors, few enough for the first-level cache.
 *
 * <p>Loops take them from memory outside the heap, all of which is of one kind to the compiler: a loop that has seen other kinds would ask for it
 * with each vector. Where elements lie there and fill whole vectors, they are read in place, which saves a pass over a copy; all others are copied to
 * {@link TileMemory} first. Loops that are seldom needed take float32 in an array.
 */
final class Tile {
    /** Elements in a tile: 8 KB of float32. While so many are worked on, the next ones arrive from memory; four times as many are waited for. */
    static final int SIZE = 2048;

    /** What the elements are in memory. */
    final StorageType type;

    private final int pass;
    private final TileMemory own = TileMemory.ofThread();
    private MemorySegment source = MemorySegment.NULL;
    private long start;
    private boolean placed;
    private boolean widened;
    private float[] floats = {};
    private boolean copied;
    private int count;

    /** For elements that loops pass over all at once. */
    Tile(StorageType type) {
        this(type, Lanes.UNITS.length());
    }

    /** For elements that a loop may pass over in parts of a length, reading up to {@link Lanes#PADDING} elements beyond each. */
    Tile(StorageType type, int pass) {
        this.type = type;
        this.pass = pass;
    }

    /** How many elements from the first on to load next: whole vectors if they are read in place. */
    static int next(MemorySegment x, long rest) {
        boolean whole = x.isNative() && rest >= Lanes.UNITS.length();
        return (int) Math.min(SIZE, whole ? rest - rest % Lanes.UNITS.length() : rest);
    }

    /** Takes elements of the tile's type, which mustn't change until the next ones are loaded. */
    void load(MemorySegment x, long from, int elements) {
        source = x;
        start = from * type.bytes();
        count = elements;
        placed = Lanes.areInPlace(x, elements, pass);
        widened = false;
        copied = false;
    }

    /** Where the elements lie outside the heap. */
    MemorySegment memory() {
        if (!placed) {
            MemorySegment.copy(source, start, own.elements(), 0, (long) count * type.bytes());
            source = own.elements();
            start = 0;
            placed = true;
        }
        return source;
    }

    /** The offset of an element in {@link #memory}, in bytes. */
    long offset(int element) {
        memory();
        return start + (long) element * type.bytes();
    }

    /** Where the elements as float32 lie outside the heap. */
    MemorySegment wideMemory() {
        if (type == StorageType.F32) {
            return memory();
        }
        if (!widened) {
            widen(own.floats(), 0);
            widened = true;
        }
        return own.floats();
    }

    /** The offset of an element in {@link #wideMemory}, in bytes. */
    long wideOffset(int element) {
        return type == StorageType.F32 ? offset(element) : (long) element * Float.BYTES;
    }

    /** The elements as float32, for loops over arrays, padded as {@link Lanes} says. */
    float[] floats() {
        if (!copied) {
            floats = Lanes.grown(floats, count);
            boolean wide = type == StorageType.F32;
            MemorySegment from = wide ? source : wideMemory();
            MemorySegment.copy(from, Tensor.FLOAT, wide ? start : 0, floats, 0, count);
            copied = true;
        }
        return floats;
    }

    /** One of the elements. */
    float at(int index) {
        if (type == StorageType.F32) {
            return memory().get(Tensor.FLOAT, offset(index));
        }
        short unit = memory().get(Tensor.SHORT, offset(index));
        return type == StorageType.BF16 ? Float.intBitsToFloat(unit << Short.SIZE) : Float.float16ToFloat(unit);
    }

    /** Writes the elements, which are of 16 bits, as float32. */
    void storeWide(MemorySegment y, long to) {
        if (Lanes.areInPlace(y, count, pass)) {
            widen(y, to * Float.BYTES);
        } else {
            MemorySegment.copy(wideMemory(), 0, y, to * Float.BYTES, (long) count * Float.BYTES);
        }
    }

    /** Writes {@link #floats}. */
    void store(MemorySegment y, long to) {
        MemorySegment.copy(floats, 0, y, Tensor.FLOAT, to * Float.BYTES, count);
    }

    private void widen(MemorySegment target, long to) {
        if (type == StorageType.BF16) {
            WidenLoop.bfloat16(memory(), offset(0), target, to, count);
        } else {
            WidenLoop.float16(memory(), offset(0), target, to, count);
        }
    }
}
