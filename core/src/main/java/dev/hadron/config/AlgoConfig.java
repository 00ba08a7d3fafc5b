package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.file.Path;

/** The settings of an algorithm that chooses codes and scales. */
public sealed interface AlgoConfig extends AlgoConfigBase permits AutoSmoothQuantConfig, AWQConfig, GPTQConfig {
    /**
     * The settings in a JSON file: an object whose {@code name} is {@code awq}, {@code gptq} or {@code autosmoothquant}.
     *
     * @throws ConfigException when there is no such file, for malformed text (with line and column), another name, an unknown
     *     key (with the nearest known one) or a value that isn't allowed
     */
    static AlgoConfig load(Path file) throws IOException {
        return ConfigJson.read(file, AlgoForms.ALGO_CONFIG);
    }
}
