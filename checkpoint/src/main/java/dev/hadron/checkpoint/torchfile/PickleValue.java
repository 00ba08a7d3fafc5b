package dev.hadron.checkpoint.torchfile;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import java.util.List;
import java.util.Map;

/** What a pickle of tensors is made of. */
sealed interface PickleValue {
    /** {@code None}, {@code True} and {@code False}: nothing depends on them. */
    record Flag() implements PickleValue {}

    /**
     * An integer.
     *
     * @param value its value
     */
    record Whole(long value) implements PickleValue {}

    /**
     * A string.
     *
     * @param value its characters
     */
    record Text(String value) implements PickleValue {}

    /**
     * A tuple.
     *
     * @param items its items
     */
    record Items(List<PickleValue> items) implements PickleValue {}

    /**
     * A dictionary, ordered or not; it grows while the pickle is read.
     *
     * @param entries by key
     */
    record Entries(Map<String, PickleValue> entries) implements PickleValue {}

    /**
     * A class or function of Python.
     *
     * @param name which
     */
    record Known(TorchName name) implements PickleValue {}

    /**
     * Numbers of a file of their own in the archive.
     *
     * @param key the file's name
     * @param type of the numbers
     * @param elements how many
     */
    record Storage(String key, StorageType type, long elements) implements PickleValue {
        /** The size of the file. */
        long bytes() {
            return elements * type.bytes();
        }
    }

    /**
     * A tensor over numbers of a storage; its indices are within it.
     *
     * @param storage the numbers
     * @param offset of the first one
     * @param shape the extents
     * @param strides how far apart neighbours along each axis are, in elements
     */
    record View(Storage storage, long offset, Shape shape, List<Long> strides) implements PickleValue {}
}
