package dev.hadron.model.arch;

import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import java.util.HashMap;
import java.util.Map;

/** Brings weights to the device, each of the shape that the model's configuration says. */
record WeightLoader(WeightSource weights, TensorRuntime runtime) {
    DeviceTensor load(String tensor, Shape shape) {
        return runtime.filled(shape.toArray(), host -> weights.loadInto(tensor, host));
    }

    LayerWeights load(Map<String, Shape> shapes) {
        Map<String, DeviceTensor> tensors = new HashMap<>();
        shapes.forEach((name, shape) -> tensors.put(name, load(name, shape)));
        return new LayerWeights(tensors);
    }
}
