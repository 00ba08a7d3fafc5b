package dev.hadron.tensor;

import java.util.Arrays;

/** The extents of a tensor's axes, outermost first; {@code []} is a scalar. */
public final class Shape {
    private final long[] extents;
    private final long elements;

    private Shape(long[] extents) {
        long product = 1;
        for (long extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException("a shape has no negative extent: " + Arrays.toString(extents));
            }
            product = Math.multiplyExact(product, extent);
        }
        this.extents = extents;
        this.elements = product;
    }

    /**
     * A shape of these extents.
     *
     * @throws ArithmeticException when the number of elements doesn't fit 64 bits
     * @throws IllegalArgumentException when an extent is negative
     */
    public static Shape of(long... extents) {
        return new Shape(extents.clone());
    }

    /** How many axes. */
    public int rank() {
        return extents.length;
    }

    /** The extent of an axis. */
    public long extent(int axis) {
        return extents[axis];
    }

    /** How many elements. */
    public long elements() {
        return elements;
    }

    /** The extents, in a new array. */
    public long[] toArray() {
        return extents.clone();
    }

    /**
     * An axis counted from the front; −1 is the last one.
     *
     * @throws IllegalArgumentException when there is no such axis
     */
    public int axis(int axis) {
        int fromFront = axis < 0 ? axis + rank() : axis;
        if (fromFront < 0 || fromFront >= rank()) {
            throw new IllegalArgumentException("axis " + axis + " isn't one of a tensor of shape " + this);
        }
        return fromFront;
    }

    /** The product of the extents of axes {@code from} to {@code to}, the latter exclusive. */
    public long product(int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= extents[i];
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    @Override
    public String toString() {
        return Arrays.toString(extents);
    }
}
