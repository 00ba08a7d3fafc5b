package dev.hadron.algorithm.layer;

import dev.hadron.model.activation.ActivationStore;

/**
 * What windows bring to a layer and take from it, along the model as it was or as it is quantized.
 */
final class LayerPath {
    private final ActivationStore inputs;
    private final ActivationStore outputs;
    private boolean complete;

    LayerPath(ActivationStore inputs, ActivationStore outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    ActivationStore inputs() {
        return inputs;
    }

    ActivationStore outputs() {
        return outputs;
    }

    /** Whether the outputs of all windows are stored. */
    boolean isComplete() {
        return complete;
    }

    void completed() {
        complete = true;
    }
}
