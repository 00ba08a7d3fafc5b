package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;

/** The last norm and the output matrix, loaded. */
public final class OutputHead {
    private final Linear head;
    private final LayerWeights weights;
    private final float epsilon;

    OutputHead(Linear head, LayerWeights weights, float epsilon) {
        this.head = head;
        this.weights = weights;
        this.epsilon = epsilon;
    }

    /** The logits of a window, {@code [n, vocabulary]}, from what leaves the last layer. */
    public DeviceTensor logits(TensorRuntime runtime, LinearHooks hooks, DeviceTensor x) {
        DeviceTensor norm = weights.get(LayerNames.weight(LayerNames.NORM));
        DeviceTensor normed = runtime.rmsNorm(x, norm, epsilon);
        DeviceTensor weight = weights.get(LayerNames.weight(head.name()));
        return hooks.output(head.name(), runtime.linear(hooks.input(head.name(), normed), weight, null));
    }
}
