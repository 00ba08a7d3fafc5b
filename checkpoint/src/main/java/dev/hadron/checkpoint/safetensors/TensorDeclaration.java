package dev.hadron.checkpoint.safetensors;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tensor that is going to be written.
 *
 * @param name the name in the file
 * @param type the elements' type
 * @param shape the extents, outermost first
 */
public record TensorDeclaration(String name, StorageType type, Shape shape) {
    /** Checks that a file can hold it. */
    public TensorDeclaration {
        if (name.equals(HeaderParser.METADATA)) {
            throw new IllegalArgumentException("no tensor can have the name " + name);
        }
        Math.multiplyExact(shape.elements(), type.bytes());
    }

    /** How many bytes its elements take. */
    public long byteSize() {
        return shape.elements() * type.bytes();
    }

    /** The sum of all sizes; no name may come twice. */
    static long checkedByteSize(List<TensorDeclaration> tensors) {
        Set<String> names = new HashSet<>();
        long size = 0;
        for (TensorDeclaration tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("the tensor " + tensor.name() + " is declared twice");
            }
            size = Math.addExact(size, tensor.byteSize());
        }
        return size;
    }
}
