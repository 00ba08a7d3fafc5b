package dev.hadron.config;

import java.io.IOException;
import java.nio.file.Path;

/** An algorithm that finds the codes of weights. */
public sealed interface AlgoConfig extends AlgoConfigBase permits AutoSmoothQuantConfig, AWQConfig, GPTQConfig {
    /**
     * The configuration in a JSON file, chosen by its {@code name}: {@code awq}, {@code gptq} or {@code autosmoothquant}.
     * Missing keys take the defaults.
     *
     * @throws dev.hadron.error.ConfigException for malformed text (with line and column), another name, an unknown key (with the nearest known one) or
     *     a value that isn't allowed
     */
    static AlgoConfig load(Path file) throws IOException {
        return ConfigJson.read(file, AlgoForms.ALGO_CONFIG);
    }
}
