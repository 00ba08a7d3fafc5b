package dev.hadron.config;

import java.io.IOException;
import java.nio.file.Path;

/** A change of weights before they are quantized that leaves what the model computes as it is. */
public sealed interface PreQuantOptConfig extends AlgoConfigBase
        permits SmoothQuantConfig, RotationConfig, QuaRotConfig {
    /**
     * The configuration in a JSON file, chosen by its {@code name}: {@code smooth}, {@code rotation} or {@code quarot}. Missing keys take the
     * defaults.
     *
     * @throws dev.hadron.error.ConfigException for malformed text (with line and column), another name, an unknown key (with the nearest known one) or
     *     a value that isn't allowed
     */
    static PreQuantOptConfig load(Path file) throws IOException {
        return ConfigJson.read(file, AlgoForms.PRE_QUANT_OPT_CONFIG);
    }
}
