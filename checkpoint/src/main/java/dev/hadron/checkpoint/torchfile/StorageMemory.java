package dev.hadron.checkpoint.torchfile;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.torchfile.PickleValue.Storage;
import dev.hadron.checkpoint.torchfile.PickleValue.View;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Storages in memory, each read once. Contiguous tensors are parts of them, others are copies. */
final class StorageMemory {
    private final TorchArchive archive;
    private final Arena arena;
    private final Map<String, Storage> storages = new HashMap<>();
    private final Map<String, MemorySegment> segments = new HashMap<>();
    private final Map<View, Tensor> copies = new HashMap<>();
    private long copiedBytes;

    StorageMemory(TorchArchive archive, Arena arena) {
        this.archive = archive;
        this.arena = arena;
    }

    /** Checks, before anything is allocated, that the storage is as the tensor needs it. */
    void plan(Path file, View view) {
        Storage storage = view.storage();
        Storage known = storages.putIfAbsent(storage.key(), storage);
        if (known == null) {
            archive.require(entry(storage), storage.bytes());
        } else if (!known.equals(storage)) {
            throw new CheckpointFormatException(file + " describes storage " + Quoted.of(storage.key())
                    + " twice and differently; the file is damaged, get it again");
        }
        if (!isContiguous(view)) {
            copiedBytes += view.shape().elements() * storage.type().bytes();
            if (copiedBytes > archive.size()) {
                throw new CheckpointFormatException(
                        file + " has tensors that share numbers and together are larger than"
                                + " the file; save contiguous tensors");
            }
        }
    }

    /** The elements, in their order. */
    Tensor tensor(View view) throws IOException {
        Storage storage = view.storage();
        MemorySegment segment = segments.get(storage.key());
        if (segment == null) {
            segment = arena.allocate(storage.bytes(), Long.BYTES);
            archive.read(entry(storage), segment);
            segments.put(storage.key(), segment);
        }
        int width = storage.type().bytes();
        if (isContiguous(view)) {
            long bytes = view.shape().elements() * width;
            return new Tensor(
                    storage.type(), view.shape(), segment.asSlice(bytes == 0 ? 0 : view.offset() * width, bytes));
        }
        MemorySegment whole = segment;
        return copies.computeIfAbsent(view, key -> gathered(key, whole, width));
    }

    private Tensor gathered(View view, MemorySegment segment, int width) {
        Shape shape = view.shape();
        long[] strides = view.strides().stream().mapToLong(Long::longValue).toArray();
        Tensor target = Tensor.allocate(arena, view.storage().type(), shape);
        long[] index = new long[strides.length];
        long from = view.offset();
        for (long to = 0; to < shape.elements(); to++) {
            MemorySegment.copy(segment, from * width, target.data(), to * width, width);
            // The next index: the last axis first, like the wheels of a counter.
            for (int axis = strides.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < shape.extent(axis)) {
                    break;
                }
                from -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return target;
    }

    private static boolean isContiguous(View view) {
        long expected = 1;
        for (int axis = view.shape().rank() - 1; axis >= 0; axis--) {
            long extent = view.shape().extent(axis);
            if (extent != 1 && view.strides().get(axis) != expected) {
                return view.shape().elements() == 0;
            }
            expected *= extent;
        }
        return true;
    }

    private static String entry(Storage storage) {
        return "data/" + storage.key();
    }
}
