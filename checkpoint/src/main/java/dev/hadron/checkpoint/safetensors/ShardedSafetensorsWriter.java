package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the tensors of a checkpoint into files of limited size, in the declared order: {@code model.safetensors} if one
 * file is enough; otherwise {@code model-00001-of-0000N.safetensors} and so on, and last {@code
 * model.safetensors.index.json}, without which these aren't a model. A tensor is never divided: one that is larger than
 * the limit has a file of its own.
 */
public final class ShardedSafetensorsWriter implements AutoCloseable {
    /** What Transformers limits its files to, in bytes. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private final Path folder;
    private final Map<String, String> metadata;
    private final List<List<TensorDeclaration>> shards;
    private int shard;
    private SafetensorsWriter writer;
    private boolean closed;

    private ShardedSafetensorsWriter(
            Path folder, Map<String, String> metadata, List<List<TensorDeclaration>> shards, SafetensorsWriter first) {
        this.folder = folder;
        this.metadata = metadata;
        this.shards = shards;
        this.writer = first;
    }

    /**
     * Divides the tensors among files and creates the first one.
     *
     * @param folder where the files go
     * @param metadata strings by name for the {@code __metadata__} of each file
     * @param tensors all tensors, in the order in which their elements will come
     * @param shardBytes how many bytes of elements a file may hold
     */
    public static ShardedSafetensorsWriter create(
            Path folder, Map<String, String> metadata, List<TensorDeclaration> tensors, long shardBytes)
            throws IOException {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("a file must hold at least one byte, not " + shardBytes);
        }
        TensorDeclaration.checkedByteSize(tensors);
        List<List<TensorDeclaration>> shards = divide(tensors, shardBytes);
        SafetensorsWriter first =
                SafetensorsWriter.create(folder.resolve(name(0, shards.size())), metadata, shards.getFirst());
        return new ShardedSafetensorsWriter(folder, Map.copyOf(metadata), shards, first);
    }

    /** As {@link SafetensorsWriter#write}. */
    public void write(String name, Tensor tensor) throws IOException {
        current().write(name, tensor);
    }

    /** As {@link SafetensorsWriter#append}. */
    public void append(String name, MemorySegment piece) throws IOException {
        current().append(name, piece);
    }

    /**
     * Completes the last file and writes the index, if there are several files.
     *
     * @throws IllegalStateException when elements are missing; all files are deleted
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean complete = false;
        try {
            writer.close();
            if (shard < shards.size() - 1) {
                throw new IllegalStateException(folder + " is incomplete, so its files were deleted: tensor "
                        + shards.get(shard + 1).getFirst().name() + " comes next");
            }
            if (shards.size() > 1 && writer.isComplete()) {
                StrictJson.write(folder.resolve(SafetensorsIndex.FILE), index());
            }
            complete = writer.isComplete();
        } finally {
            if (!complete) {
                for (int i = 0; i <= shard; i++) {
                    Files.deleteIfExists(folder.resolve(name(i, shards.size())));
                }
            }
        }
    }

    private SafetensorsWriter current() throws IOException {
        if (closed) {
            throw new IllegalStateException("the writer into " + folder + " is closed");
        }
        if (writer.isComplete() && shard < shards.size() - 1) {
            writer.close();
            Path file = folder.resolve(name(shard + 1, shards.size()));
            writer = SafetensorsWriter.create(file, metadata, shards.get(shard + 1));
            shard++;
        }
        return writer;
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
