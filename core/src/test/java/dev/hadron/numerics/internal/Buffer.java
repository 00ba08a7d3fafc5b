package dev.hadron.numerics.internal;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Bytes that tests fill and compare, on the heap if nothing else is said. */
record Buffer(MemorySegment segment) {
    static Buffer of(float[] values) {
        Buffer buffer = ofFloats(values.length);
        MemorySegment.copy(values, 0, buffer.segment, Tensor.FLOAT, 0, values.length);
        return buffer;
    }

    /** The numbers rounded to a type. */
    static Buffer of(float[] values, StorageType type) {
        Buffer buffer = ofBytes(values.length * type.bytes());
        for (int i = 0; i < values.length; i++) {
            switch (type) {
                case F32 -> buffer.setFloat(i, values[i]);
                case BF16 -> buffer.setShort(i, Bfloat16.ofFloat(values[i]));
                case F16 -> buffer.setShort(i, Float.floatToFloat16(values[i]));
                default -> throw new IllegalArgumentException(type.toString());
            }
        }
        return buffer;
    }

    static Buffer ofFloats(int count) {
        return ofBytes(count * Float.BYTES);
    }

    /** Bytes that aren't zero, so that those left alone show. */
    static Buffer ofBytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 0x5A);
        return new Buffer(MemorySegment.ofArray(bytes));
    }

    /** The same outside the heap, and not at the beginning of a cache line. */
    Buffer offHeap() {
        MemorySegment copy = Arena.ofAuto().allocate(segment.byteSize() + 2, 64).asSlice(2);
        return new Buffer(copy.copyFrom(segment));
    }

    void setFloat(int index, float value) {
        segment.setAtIndex(Tensor.FLOAT, index, value);
    }

    void setShort(int index, short value) {
        segment.setAtIndex(Tensor.SHORT, index, value);
    }

    /** The bit patterns of the first floats, all NaN as one. */
    int[] floatBits(int count) {
        int[] bits = new int[count];
        for (int i = 0; i < count; i++) {
            bits[i] = Float.floatToIntBits(segment.getAtIndex(Tensor.FLOAT, i));
        }
        return bits;
    }

    byte[] bytes(int count) {
        return segment.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
