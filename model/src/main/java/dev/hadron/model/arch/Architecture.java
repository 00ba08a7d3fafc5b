package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;

/** A family of decoders: what its {@code config.json} means. */
public interface Architecture {
    /** The family's name in {@code model_type}. */
    String modelType();

    /**
     * The model that a configuration describes.
     *
     * @throws dev.hadron.error.CheckpointFormatException when a key is missing or has an impossible value
     * @throws dev.hadron.error.UnsupportedQuantizationException when the model has a feature that isn't known
     */
    DecoderSpec spec(ModelConfig config);
}
