package dev.hadron.numerics;

import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Granularity.PerChannel;
import dev.hadron.tensor.Granularity.PerGroup;
import dev.hadron.tensor.Granularity.PerTensor;
import dev.hadron.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A tensor seen as runs of elements that share a scale.
 *
 * <p>Where the runs don't lie in memory one after the other, {@link #gather} brings them into that order by exchanging two
 * axes: {@code [outer, a, middle, b, inner]} becomes {@code [outer, b, middle, a, inner]}.
 */
public final class RunView {
    private final long outer;
    private final long a;
    private final long middle;
    private final long b;
    private final long inner;
    private final long row;
    private final long length;
    private final Shape scaleShape;

    private RunView(long outer, long a, long middle, long b, long inner, long row, long length, Shape scaleShape) {
        this.outer = outer;
        this.a = a;
        this.middle = middle;
        this.b = b;
        this.inner = inner;
        this.row = row;
        this.length = length;
        this.scaleShape = scaleShape;
    }

    /** The runs of a tensor of this shape. */
    public static RunView of(Shape shape, Granularity granularity) {
        int rank = shape.rank();
        return switch (granularity) {
            case PerTensor unused ->
                new RunView(1, 1, 1, 1, shape.elements(), shape.elements(), shape.elements(), Shape.of());
            case PerChannel(int axis) -> {
                long channels = shape.extent(axis);
                long before = shape.product(0, axis);
                long after = shape.product(axis + 1, rank);
                yield new RunView(1, before, 1, channels, after, before * after, before * after, Shape.of(channels));
            }
            case PerGroup(int axis, long size) -> {
                long extent = shape.extent(axis);
                Shape scales = Shape.of(shape.elements() / Math.max(extent, 1), Math.ceilDiv(extent, size));
                yield axis == rank - 1
                        ? new RunView(1, 1, 1, 1, shape.elements(), extent, size, scales)
                        : new RunView(
                                shape.product(0, axis),
                                extent,
                                shape.product(axis + 1, rank - 1),
                                shape.extent(rank - 1),
                                1,
                                extent,
                                size,
                                scales);
            }
        };
    }

    /** How many runs. */
    public int runs() {
        return Math.toIntExact(scaleShape.elements());
    }

    /** The position of a run's first element among the gathered ones. */
    public long start(long run) {
        return hasShortRuns() ? run / runsPerRow() * row + run % runsPerRow() * length : run * length;
    }

    /** How many elements a run has: {@link #length}, or what is left for the last one of a row. */
    public long length(long run) {
        return hasShortRuns() ? Math.min(length, row - run % runsPerRow() * length) : length;
    }

    /** Whether the length doesn't divide the rows that runs are cut from, so that the last run of each is shorter. */
    public boolean hasShortRuns() {
        return length != 0 && row % length != 0;
    }

    /** How many runs a row of the gathered tensor is cut into. */
    public long runsPerRow() {
        return length == 0 ? 1 : Math.ceilDiv(row, length);
    }

    /** How many elements a row has that runs are cut from. */
    public long rowLength() {
        return row;
    }

    /** How many elements a run has, a short last one excepted. */
    public long length() {
        return length;
    }

    /** The shape of the tensor's scales. */
    public Shape scaleShape() {
        return scaleShape;
    }

    /** Whether the runs lie in memory one after the other, so that there is nothing to gather. */
    public boolean isContiguous() {
        return middle == 1 && (a == 1 || b == 1);
    }

    /** Brings elements of {@code bytes} bytes into the order of the runs. */
    public void gather(MemorySegment tensor, MemorySegment runs, int bytes) {
        exchange(tensor, runs, bytes, a, b);
    }

    /** The inverse of {@link #gather}. */
    public void scatter(MemorySegment runs, MemorySegment tensor, int bytes) {
        exchange(runs, tensor, bytes, b, a);
    }

    private void exchange(MemorySegment from, MemorySegment to, int bytes, long first, long second) {
        long block = inner * bytes;
        long target = 0;
        for (long o = 0; o < outer; o++) {
            for (long s = 0; s < second; s++) {
                for (long m = 0; m < middle; m++) {
                    for (long f = 0; f < first; f++) {
                        long source = ((o * first + f) * middle + m) * second + s;
                        MemorySegment.copy(from, source * block, to, target, block);
                        target += block;
                    }
                }
            }
        }
    }
}
