package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the tensors of a checkpoint into files of limited size, in the declared order: {@code model.safetensors} if one
 * file is enough; otherwise {@code model-00001-of-0000N.safetensors} and so on, and last {@code
 * model.safetensors.index.json}, without which these aren't a model. A tensor is never divided: one that is larger than
 * the limit has a file of its own.
 *
 * <p>Elements may be handed over in any order and by any thread. While they are, what was written before is brought to the disk.
 */
public final class ShardedSafetensorsWriter implements AutoCloseable {
    /** What Transformers limits its files to, in bytes. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private final Path folder;
    private final Map<String, String> metadata;
    private final List<List<TensorDeclaration>> shards;
    private final Map<String, Integer> shardOf = new HashMap<>();
    private final @Nullable SafetensorsWriter[] writers;
    private final WriteBehind writeBehind = new WriteBehind();
    private boolean closed;

    private ShardedSafetensorsWriter(Path folder, Map<String, String> metadata, List<List<TensorDeclaration>> shards) {
        this.folder = folder;
        this.metadata = metadata;
        this.shards = shards;
        writers = new SafetensorsWriter[shards.size()];
        for (int i = 0; i < shards.size(); i++) {
            for (TensorDeclaration tensor : shards.get(i)) {
                shardOf.put(tensor.name(), i);
            }
        }
    }

    /**
     * Divides the tensors among files and creates the first one. The others are created when something is written to them.
     *
     * @param folder where the files go
     * @param metadata strings by name for the {@code __metadata__} of each file
     * @param tensors all tensors, in the order in which they lie in the files
     * @param shardBytes how many bytes of elements a file may hold
     */
    public static ShardedSafetensorsWriter create(
            Path folder, Map<String, String> metadata, List<TensorDeclaration> tensors, long shardBytes)
            throws IOException {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("a file must hold at least one byte, not " + shardBytes);
        }
        TensorDeclaration.checkedByteSize(tensors);
        ShardedSafetensorsWriter writer =
                new ShardedSafetensorsWriter(folder, Map.copyOf(metadata), divide(tensors, shardBytes));
        writer.file(0);
        return writer;
    }

    /** As {@link SafetensorsWriter#write(String, Tensor)}. */
    public void write(String name, Tensor tensor) throws IOException {
        SafetensorsWriter writer = writer(name);
        writer.write(name, tensor);
        writeBehind.wrote(writer, tensor.data().byteSize());
    }

    /** As {@link SafetensorsWriter#write(String, long, MemorySegment)}. */
    public void write(String name, long at, MemorySegment piece) throws IOException {
        SafetensorsWriter writer = writer(name);
        writer.write(name, at, piece);
        writeBehind.wrote(writer, piece.byteSize());
    }

    /**
     * Completes the files and writes the index, if there are several files.
     *
     * @throws IllegalStateException when elements are missing; all files are deleted
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean complete = false;
        try {
            writeBehind.stop();
            complete = closeFiles();
        } finally {
            if (!complete) {
                for (SafetensorsWriter writer : writers) {
                    if (writer != null) {
                        writer.discard();
                    }
                }
            }
        }
    }

    /** False when writing had failed before. */
    private boolean closeFiles() throws IOException {
        for (int i = 0; i < writers.length; i++) {
            if (writers[i] == null) {
                throw new IllegalStateException(
                        folder + " is incomplete, so its files were deleted: nothing is written of "
                                + shards.get(i).getFirst().name());
            }
            if (!writers[i].isComplete()) {
                writers[i].close();
                return false;
            }
        }
        for (SafetensorsWriter writer : writers) {
            writer.close();
        }
        if (shards.size() > 1) {
            StrictJson.write(folder.resolve(SafetensorsIndex.FILE), index());
        }
        return true;
    }

    private SafetensorsWriter writer(String name) throws IOException {
        Integer shard = shardOf.get(name);
        if (shard == null) {
            throw new IllegalArgumentException(folder + ": tensor " + name + " is written, but not declared");
        }
        return file(shard);
    }

    private synchronized SafetensorsWriter file(int shard) throws IOException {
        if (closed) {
            throw new IllegalStateException("the writer into " + folder + " is closed");
        }
        if (writers[shard] == null) {
            Path file = folder.resolve(name(shard, shards.size()));
            writers[shard] = SafetensorsWriter.create(file, metadata, shards.get(shard));
        }
        return writers[shard];
    }

    /** At least one list, which is empty when there are no tensors. */
    private static List<List<TensorDeclaration>> divide(List<TensorDeclaration> tensors, long shardBytes) {
        List<List<TensorDeclaration>> shards = new ArrayList<>();
        shards.add(new ArrayList<>());
        long size = 0;
        for (TensorDeclaration tensor : tensors) {
            // Compared so that no sum can exceed 64 bits; an empty tensor never begins a file.
            if (size > 0 && tensor.byteSize() > shardBytes - size && tensor.byteSize() > 0) {
                shards.add(new ArrayList<>());
                size = 0;
            }
            shards.getLast().add(tensor);
            size += tensor.byteSize();
        }
        return shards;
    }

    private static String name(int shard, int shards) {
        return shards == 1
                ? SafetensorsIndex.SINGLE_FILE
                : String.format("model-%05d-of-%05d.safetensors", shard + 1, shards);
    }

    private ObjectNode index() {
        Map<String, String> sorted = new TreeMap<>();
        long totalSize = 0;
        for (int i = 0; i < shards.size(); i++) {
            for (TensorDeclaration tensor : shards.get(i)) {
                sorted.put(tensor.name(), name(i, shards.size()));
                totalSize += tensor.byteSize();
            }
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata").put("total_size", totalSize);
        ObjectNode weightMap = index.putObject("weight_map");
        sorted.forEach(weightMap::put);
        return index;
    }
}
