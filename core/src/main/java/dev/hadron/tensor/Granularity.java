package dev.hadron.tensor;

/** Which elements of a tensor share a scale. */
public sealed interface Granularity {
    /** All of them: one scale of shape {@code []}. */
    record PerTensor() implements Granularity {}

    /**
     * Those with the same index along an axis: scales of shape {@code [channels]}.
     *
     * @param axis counted from the front
     */
    record PerChannel(int axis) implements Granularity {}

    /**
     * Runs along an axis, after that axis is swapped to the last place: scales of shape {@code [rest, groups]}.
     *
     * @param axis counted from the front
     * @param size how many elements a run has; it divides the axis
     */
    record PerGroup(int axis, long size) implements Granularity {}
}
