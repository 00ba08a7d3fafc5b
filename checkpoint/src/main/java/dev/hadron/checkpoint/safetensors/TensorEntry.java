package dev.hadron.checkpoint.safetensors;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;

/**
 * One tensor of a safetensors file.
 *
 * @param name the name in the header
 * @param type the elements' type
 * @param shape the extents, outermost first
 * @param offset where its first byte is, counted from the beginning of the file
 */
public record TensorEntry(String name, StorageType type, Shape shape, long offset) {
    /** How many bytes its elements take. */
    public long byteSize() {
        return shape.elements() * type.bytes();
    }
}
