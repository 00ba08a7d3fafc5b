package dev.hadron.tensor;

import java.util.Objects;

/**
 * A part of a tensor: some indices of one axis, all of the others.
 *
 * @param whole the tensor's shape
 * @param axis the axis that is cut
 * @param from the first index on it
 * @param to the index after the last one
 */
public record TensorSlice(Shape whole, int axis, long from, long to) {
    /** Checks that there are such indices. */
    public TensorSlice {
        Objects.checkIndex(axis, whole.rank());
        Objects.checkFromToIndex(from, to, whole.extent(axis));
    }

    /** The extents of the part. */
    public Shape shape() {
        long[] extents = whole.toArray();
        extents[axis] = to - from;
        return Shape.of(extents);
    }

    /** How many pieces it has in the memory of the whole tensor, which lie apart unless there is one. */
    public long runs() {
        return isWhole() ? 1 : whole.product(0, axis);
    }

    /** How many elements each of these pieces has. */
    public long runLength() {
        return isWhole() ? whole.elements() : (to - from) * whole.product(axis + 1, whole.rank());
    }

    private boolean isWhole() {
        return from == 0 && to == whole.extent(axis);
    }

    /** Where a piece begins in the whole tensor, in elements. */
    public long runStart(long run) {
        return (run * whole.extent(axis) + from) * whole.product(axis + 1, whole.rank());
    }
}
