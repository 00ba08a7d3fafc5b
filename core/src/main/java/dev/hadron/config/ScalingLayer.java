package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place where a scale per channel moves from an operation into the linear layers that read its output. Names are relative to
 * a decoder layer, such as {@code mlp.down_proj}.
 *
 * @param prevOp the norm or linear layer whose output is divided by the scale
 * @param layers the linear layers whose columns are multiplied by it; all read the same input
 * @param inp the layer whose input is measured; unset by default, which is the first of {@code layers}
 * @param module2inspect the module whose output is compared; unset by default, which is the single layer
 */
public record ScalingLayer(
        String prevOp,
        List<String> layers,
        @Nullable String inp,
        @Nullable String module2inspect) {
    /** Copies the list. */
    public ScalingLayer {
        layers = List.copyOf(layers);
    }
}
