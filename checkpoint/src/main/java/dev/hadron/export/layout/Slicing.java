package dev.hadron.export.layout;

import dev.hadron.tensor.Shape;
import dev.hadron.tensor.TensorSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * How a weight may be cut so that the packed tensors of its slices, one after the other, are those of the whole. Packed tensors without
 * axes belong to the whole, and are the same for each slice.
 *
 * @param axis the weight's axis that is cut
 * @param multiple what the indices of the cuts are multiples of
 */
public record Slicing(int axis, long multiple) {
    /**
     * Cuts a weight; one without elements is one slice.
     *
     * @param elements how many a slice has at most, unless the smallest slice has more
     */
    public List<TensorSlice> cut(Shape shape, long elements) {
        long extent = shape.extent(axis);
        long perIndex = Math.max(1, shape.elements() / Math.max(1, extent));
        long step = Math.max(1, elements / perIndex / multiple) * multiple;
        List<TensorSlice> slices = new ArrayList<>();
        long from = 0;
        do {
            slices.add(new TensorSlice(shape, axis, from, Math.min(extent, from + step)));
            from += step;
        } while (from < extent);
        return slices;
    }
}
