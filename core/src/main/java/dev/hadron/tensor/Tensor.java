package dev.hadron.tensor;

import dev.hadron.dtype.StorageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Row-major elements in memory. The memory belongs to whoever allocated or mapped {@code data}; a tensor is usable as long
 * as that is.
 *
 * @param type the elements' type
 * @param shape the extents, outermost first
 * @param data exactly {@code shape.elements() * type.bytes()} bytes, little-endian
 */
public record Tensor(StorageType type, Shape shape, MemorySegment data) {
    /** Little-endian floats at any alignment, as files hold them. */
    public static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    /** Little-endian 32-bit integers at any alignment. */
    public static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    /** Little-endian 16-bit units at any alignment. */
    public static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    /** Little-endian 64-bit integers at any alignment. */
    public static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private static final int ALIGNMENT = 64;

    /** Checks that the bytes are as many as type and shape say. */
    public Tensor {
        if (data.byteSize() != shape.elements() * type.bytes()) {
            throw new IllegalArgumentException("a " + type + " tensor of shape " + shape + " has "
                    + shape.elements() * type.bytes() + " bytes, not " + data.byteSize());
        }
    }

    /** Zeros in memory of {@code arena}. */
    public static Tensor allocate(Arena arena, StorageType type, Shape shape) {
        return new Tensor(type, shape, arena.allocate(shape.elements() * type.bytes(), ALIGNMENT));
    }

    /** A float32 tensor on the heap. */
    public static Tensor ofFloats(float[] values, long... shape) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Float.BYTES)]);
        MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
        return new Tensor(StorageType.F32, Shape.of(shape), data);
    }

    /** An int32 tensor on the heap. */
    public static Tensor ofInts(int[] values, long... shape) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Integer.BYTES)]);
        MemorySegment.copy(values, 0, data, INT, 0, values.length);
        return new Tensor(StorageType.I32, Shape.of(shape), data);
    }

    /** How many elements. */
    public long elements() {
        return shape.elements();
    }

    /** An element of a float32 tensor. */
    public float floatAt(long index) {
        return data.get(FLOAT, index * Float.BYTES);
    }

    /** An element of an int32 tensor. */
    public int intAt(long index) {
        return data.get(INT, index * Integer.BYTES);
    }

    /** The elements of a float32 tensor, in a new array. */
    public float[] toFloats() {
        if (type != StorageType.F32) {
            throw new IllegalStateException("a " + type + " tensor isn't float32");
        }
        float[] values = new float[Math.toIntExact(elements())];
        MemorySegment.copy(data, FLOAT, 0, values, 0, values.length);
        return values;
    }

    /** The elements of an int32 tensor, in a new array. */
    public int[] toInts() {
        if (type != StorageType.I32) {
            throw new IllegalStateException("a " + type + " tensor isn't int32");
        }
        int[] values = new int[Math.toIntExact(elements())];
        MemorySegment.copy(data, INT, 0, values, 0, values.length);
        return values;
    }
}
