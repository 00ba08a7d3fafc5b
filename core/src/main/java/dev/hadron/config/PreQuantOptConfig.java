package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.file.Path;

/** The settings of an optimization that changes weights before anything is quantized, and not what the model computes. */
public sealed interface PreQuantOptConfig extends AlgoConfigBase
        permits SmoothQuantConfig, RotationConfig, QuaRotConfig {
    /**
     * The settings in a JSON file: an object whose {@code name} is {@code smooth} (or {@code smoothquant}), {@code rotation}
     * or {@code quarot}.
     *
     * @throws ConfigException when there is no such file, for malformed text (with line and column), another name, an unknown
     *     key (with the nearest known one) or a value that isn't allowed
     */
    static PreQuantOptConfig load(Path file) throws IOException {
        return ConfigJson.read(file, AlgoForms.PRE_QUANT_OPT_CONFIG);
    }
}
