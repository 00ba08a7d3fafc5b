package dev.hadron.export.layout;

import dev.hadron.numerics.QuantizationParameters;
import java.util.Optional;

/**
 * The scales and zero points of a layer's static activations.
 *
 * @param input of its input; empty when that is dynamic or not quantized
 * @param output of its output; empty likewise
 */
public record LayerParameters(Optional<QuantizationParameters> input, Optional<QuantizationParameters> output) {
    /** No static activations. */
    public static final LayerParameters NONE = new LayerParameters(Optional.empty(), Optional.empty());
}
