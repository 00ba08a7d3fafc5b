package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The index of a checkpoint in several safetensors files: a JSON object whose {@code weight_map} names the file of each
 * tensor. Its {@code metadata} is ignored: the {@code total_size} there is wrong in many published models.
 *
 * @param shardOf the name of the file by the name of the tensor, in the index's order
 */
public record SafetensorsIndex(Map<String, String> shardOf) {
    /** The name of an index. */
    public static final String FILE = "model.safetensors.index.json";

    /** The name of the only file of a checkpoint that needs no index. */
    public static final String SINGLE_FILE = "model.safetensors";

    /** Copies the map. */
    public SafetensorsIndex {
        shardOf = Collections.unmodifiableMap(new LinkedHashMap<>(shardOf));
    }

    /**
     * Reads an index.
     *
     * @throws CheckpointFormatException when it isn't one, or names a file that isn't plainly one of its own folder
     */
    public static SafetensorsIndex read(Path file) throws IOException {
        ObjectNode json = StrictJson.readObject(file);
        if (!(json.get("weight_map") instanceof ObjectNode weightMap)) {
            throw new CheckpointFormatException(
                    file + " must have an object \"weight_map\" that names the file of each tensor");
        }
        if (weightMap.isEmpty()) {
            throw new CheckpointFormatException(file + " names no tensor in its \"weight_map\"");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            shardOf.put(entry.getKey(), shardName(file, entry.getKey(), entry.getValue()));
        }
        return new SafetensorsIndex(shardOf);
    }

    /** The names of all files, sorted. */
    public SortedSet<String> shards() {
        return new TreeSet<>(shardOf.values());
    }

    private static String shardName(Path file, String tensor, JsonNode value) {
        if (!value.isString()) {
            throw new CheckpointFormatException(file + ": tensor " + Quoted.of(tensor)
                    + " must be mapped to the name of a file, but is mapped to " + StrictJson.kind(value));
        }
        String name = value.stringValue();
        if (!isPlain(name)) {
            throw new CheckpointFormatException(file + ": tensor " + Quoted.of(tensor) + " is mapped to "
                    + Quoted.of(name) + ", but only the plain name of a file in the same folder is allowed");
        }
        return name;
    }

    /** On every system alike: no separator of any of them, no drive or stream of Windows, no parent. */
    private static boolean isPlain(String name) {
        return !name.isBlank()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }
}
