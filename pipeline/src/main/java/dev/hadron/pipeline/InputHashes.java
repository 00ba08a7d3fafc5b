package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.Sha256;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.execution.Execution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a recipe names its inputs by.
 *
 * @param sha256 of the configuration and of each file of weights, by its name, in lower-case hexadecimal digits
 */
record InputHashes(Map<String, String> sha256) {
    /** Reads all of these files, on the calling thread. */
    static InputHashes of(Checkpoint source, Execution execution) throws IOException {
        List<Path> files = Stream.concat(
                        Stream.of(source.folder().resolve("config.json")),
                        source.tensors().stream().map(TensorInfo::file))
                .distinct()
                .toList();
        Map<String, String> sha256 = new LinkedHashMap<>();
        for (Path file : files) {
            String hash = Sha256.of(file, unused -> execution.cancellation().check());
            sha256.put(String.valueOf(file.getFileName()), hash);
        }
        return new InputHashes(sha256);
    }
}
