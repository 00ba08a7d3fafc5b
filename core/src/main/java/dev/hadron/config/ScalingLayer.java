package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which layers share a scale or a rotation with which earlier operation. Names are those within a decoder layer; a smoothing algorithm reads the
 * first four, a rotation the others.
 *
 * @param prevOp the operation whose output is divided by the scale: {@code input_layernorm}
 * @param layers the layers whose input is multiplied by it
 * @param inp the layer whose input is looked at
 * @param module2inspect the module whose output tells how good a scale is
 * @param prevModules the modules whose output is rotated
 * @param normModule the norm between them, whose weight is folded into the next modules
 * @param nextModules the modules whose input is rotated
 * @param position the decoder layers that it is for: {@code first_layer}, {@code middle_layers} or {@code last_layer}; unset for all
 */
public record ScalingLayer(
        @Nullable String prevOp,
        @Nullable List<String> layers,
        @Nullable String inp,
        @Nullable String module2inspect,
        @Nullable List<String> prevModules,
        @Nullable String normModule,
        @Nullable List<String> nextModules,
        @Nullable String position) {
    /** Copies the lists. */
    public ScalingLayer {
        layers = copy(layers);
        prevModules = copy(prevModules);
        nextModules = copy(nextModules);
    }

    /** An entry of a smoothing algorithm. */
    public static ScalingLayer smoothing(
            String prevOp, List<String> layers, @Nullable String inp, @Nullable String module2inspect) {
        return new ScalingLayer(prevOp, layers, inp, module2inspect, null, null, null, null);
    }

    /** An entry of a rotation. */
    public static ScalingLayer rotation(List<String> prevModules, String normModule, List<String> nextModules) {
        return new ScalingLayer(null, null, null, null, prevModules, normModule, nextModules, null);
    }

    private static @Nullable List<String> copy(@Nullable List<String> list) {
        return list == null ? null : List.copyOf(list);
    }
}
