package dev.hadron.numerics;

import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import java.util.stream.IntStream;

/** Which elements of a tensor share a scale, from the definition: slow and plain. */
public final class RunsByDefinition {
    private RunsByDefinition() {}

    /** The positions of all elements, run by run, from the definition. */
    public static int[] positions(Shape shape, Granularity granularity) {
        int count = Math.toIntExact(shape.elements());
        return switch (granularity) {
            case Granularity.PerTensor unused -> IntStream.range(0, count).toArray();
            case Granularity.PerChannel(int axis) ->
                IntStream.range(0, Math.toIntExact(shape.extent(axis)))
                        .flatMap(channel -> IntStream.range(0, count).filter(i -> index(shape, i)[axis] == channel))
                        .toArray();
            case Granularity.PerGroup(int axis, long unusedSize) -> {
                long[] swapped = shape.toArray();
                int last = shape.rank() - 1;
                swapped[axis] = shape.extent(last);
                swapped[last] = shape.extent(axis);
                Shape inRuns = Shape.of(swapped);
                yield IntStream.range(0, count)
                        .map(i -> {
                            long[] index = index(inRuns, i);
                            long atAxis = index[axis];
                            index[axis] = index[last];
                            index[last] = atAxis;
                            return position(shape, index);
                        })
                        .toArray();
            }
        };
    }

    private static long[] index(Shape shape, int position) {
        long[] index = new long[shape.rank()];
        long rest = position;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape.extent(axis);
            rest /= shape.extent(axis);
        }
        return index;
    }

    private static int position(Shape shape, long[] index) {
        long position = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            position = position * shape.extent(axis) + index[axis];
        }
        return Math.toIntExact(position);
    }
}
