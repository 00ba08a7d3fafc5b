package dev.hadron.checkpoint;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import java.nio.file.Path;

/**
 * A tensor of a checkpoint, as its file's header describes it.
 *
 * @param name the name in the checkpoint
 * @param type the elements' type
 * @param shape the extents, outermost first
 * @param file the file that holds it
 * @param offset where its first byte is, counted from the beginning of the file
 */
public record TensorInfo(String name, StorageType type, Shape shape, Path file, long offset) {
    /** The same elements under another name. */
    public TensorInfo named(String other) {
        return new TensorInfo(other, type, shape, file, offset);
    }

    /** How many bytes its elements take. */
    public long byteSize() {
        return shape.elements() * type.bytes();
    }
}
