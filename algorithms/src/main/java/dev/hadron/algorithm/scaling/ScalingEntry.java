package dev.hadron.algorithm.scaling;

import dev.hadron.model.arch.LayerModule;
import java.util.List;

/**
 * A place in one decoder layer where a factor for each channel moves from activations into weights, resolved.
 *
 * @param previous the norm or linear layer whose output is divided
 * @param layers the linear layers whose columns are multiplied
 * @param input the linear layer whose input is measured
 * @param inspected the module whose output is compared
 */
public record ScalingEntry(String previous, List<String> layers, String input, LayerModule inspected) {
    /** Copies the list. */
    public ScalingEntry {
        layers = List.copyOf(layers);
    }
}
