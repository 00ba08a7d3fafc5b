package dev.hadron.config;

/** What is done to a model besides rounding its tensors. Values are checked when a run uses them, as those of a specification are. */
public sealed interface AlgoConfigBase extends ConfigBase permits PreQuantOptConfig, AlgoConfig {
    /** The name in configurations. */
    String name();
}
