package dev.hadron.model.arch;

import java.util.List;

/**
 * A place where a factor for each channel can move from activations into weights without a change of what the model computes: {@code
 * previous} gives its output divided by the factors, {@code layers} read it with their columns multiplied.
 *
 * @param previous a norm, or a linear layer
 * @param layers all linear layers that read its output
 * @param input the layer whose input is measured
 * @param inspected the module whose output is compared
 */
public record ScalingGroup(String previous, List<String> layers, String input, String inspected) {
    /** Copies the list. */
    public ScalingGroup {
        layers = List.copyOf(layers);
    }
}
