package dev.hadron.config;

/** The settings of something that changes weights before, or while, they are quantized. */
public sealed interface AlgoConfigBase extends ConfigBase permits PreQuantOptConfig, AlgoConfig {
    /** Which one it is, as JSON has it under {@code name}. */
    String name();
}
