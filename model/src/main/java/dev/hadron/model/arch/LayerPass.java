package dev.hadron.model.arch;

import dev.hadron.model.runtime.TensorRuntime;

/**
 * What a window passes a decoder layer with.
 *
 * @param runtime what runs it
 * @param hooks who sees what passes its linear layers
 * @param weights the values of its tensors
 * @param positions of the window's tokens
 */
public record LayerPass(TensorRuntime runtime, LinearHooks hooks, LayerWeights weights, Positions positions) {
    /** The same with other tensors. */
    public LayerPass with(LayerWeights others) {
        return new LayerPass(runtime, hooks, others, positions);
    }
}
