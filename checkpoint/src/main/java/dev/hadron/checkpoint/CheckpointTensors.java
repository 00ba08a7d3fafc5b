package dev.hadron.checkpoint;

import dev.hadron.checkpoint.safetensors.SafetensorsHeader;
import dev.hadron.checkpoint.safetensors.SafetensorsIndex;
import dev.hadron.checkpoint.safetensors.TensorEntry;
import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the tensors of a folder by reading the headers of its files, and holds headers and index against each other. */
final class CheckpointTensors {
    private CheckpointTensors() {}

    /** All tensors by name, in the order of files and offsets. */
    static Map<String, TensorInfo> find(Path folder) throws IOException {
        Path single = folder.resolve(SafetensorsIndex.SINGLE_FILE);
        if (Files.exists(single, LinkOption.NOFOLLOW_LINKS)) {
            Map<String, TensorInfo> tensors = new LinkedHashMap<>();
            ofFile(single).forEach(tensor -> tensors.put(tensor.name(), tensor));
            return tensors;
        }
        Path index = folder.resolve(SafetensorsIndex.FILE);
        if (!Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointFormatException(folder + " " + WeightFiles.missing(folder));
        }
        requireRegular(index);
        return indexed(folder, index);
    }

    /** The tensors of one file, in the order in which they lie there. */
    static List<TensorInfo> ofFile(Path file) throws IOException {
        return header(file).tensors().stream().map(entry -> info(file, entry)).toList();
    }

    /** A file that must be there and regular; links are followed. */
    static void requireRegular(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointFormatException(
                    file + (Files.exists(file) ? " isn't a regular file" : " leads to a file that doesn't exist"));
        }
    }

    private static Map<String, TensorInfo> indexed(Path folder, Path indexFile) throws IOException {
        SafetensorsIndex index = SafetensorsIndex.read(indexFile);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (String shard : index.shards()) {
            Path file = shardFile(folder, indexFile, shard);
            for (TensorEntry entry : header(file).tensors()) {
                requireIndexed(indexFile, index, shard, entry.name());
                tensors.put(entry.name(), info(file, entry));
            }
        }
        index.shardOf().forEach((name, shard) -> {
            if (!tensors.containsKey(name)) {
                throw new CheckpointFormatException(
                        indexFile + ": tensor " + Quoted.of(name) + " should be in " + shard + ", but isn't there");
            }
        });
        return tensors;
    }

    /** This also finds a tensor that two shards hold: the index can only name one of them. */
    private static void requireIndexed(Path indexFile, SafetensorsIndex index, String shard, String tensor) {
        String expected = index.shardOf().get(tensor);
        if (expected == null) {
            throw new CheckpointFormatException(
                    indexFile + " doesn't name the tensor " + Quoted.of(tensor) + ", which " + shard + " holds");
        }
        if (!expected.equals(shard)) {
            throw new CheckpointFormatException(indexFile + ": tensor " + Quoted.of(tensor) + " should be in "
                    + expected + ", but " + shard + " holds one of that name");
        }
    }

    private static Path shardFile(Path folder, Path indexFile, String shard) {
        Path file;
        try {
            file = folder.resolve(shard);
        } catch (InvalidPathException e) {
            throw new CheckpointFormatException(
                    indexFile + " names the file " + Quoted.of(shard) + ", which can't be a file's name here", e);
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointFormatException(
                    file + " is missing, although " + indexFile.getFileName() + " names it; get that file too");
        }
        return file;
    }

    private static SafetensorsHeader header(Path file) throws IOException {
        requireRegular(file);
        return SafetensorsHeader.read(file);
    }

    private static TensorInfo info(Path file, TensorEntry entry) {
        return new TensorInfo(entry.name(), entry.type(), entry.shape(), file, entry.offset());
    }
}
