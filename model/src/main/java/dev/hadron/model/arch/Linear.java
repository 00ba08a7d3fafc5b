package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import java.util.Map;

/**
 * A matrix with an optional bias, under the name that users address it by.
 *
 * @param name the module's name in the checkpoint
 * @param shape {@code [out, in]}
 */
record Linear(String name, Shape shape, boolean hasBias) {
    static Linear of(String name, boolean hasBias, long out, long in) {
        return new Linear(name, Shape.of(out, in), hasBias);
    }

    /** Adds the tensors of this layer and their shapes. */
    void declare(Map<String, Shape> tensors) {
        tensors.put(LayerNames.weight(name), shape);
        if (hasBias) {
            tensors.put(LayerNames.bias(name), Shape.of(shape.extent(0)));
        }
    }

    /** {@code [n, in]} to {@code [n, out]}, seen by the hooks. */
    DeviceTensor apply(LayerPass pass, DeviceTensor x) {
        DeviceTensor weight = pass.weights().get(LayerNames.weight(name));
        DeviceTensor bias = hasBias ? pass.weights().get(LayerNames.bias(name)) : null;
        return pass.hooks().output(name, pass.runtime().linear(pass.hooks().input(name, x), weight, bias));
    }
}
