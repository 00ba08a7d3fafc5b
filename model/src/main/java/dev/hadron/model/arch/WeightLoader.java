package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/** Brings weights to the device, each of the shape that the model's configuration says. */
record WeightLoader(WeightSource weights, TensorRuntime runtime) {
    DeviceTensor load(String tensor, Shape shape) {
        try (Arena arena = Arena.ofShared()) {
            Tensor loaded = weights.load(tensor, arena);
            if (!loaded.shape().equals(shape)) {
                throw new CheckpointFormatException("the tensor " + tensor + " has shape " + loaded.shape()
                        + ", but config.json describes a model in which it has " + shape);
            }
            return runtime.upload(loaded);
        }
    }

    LayerWeights load(Map<String, Shape> shapes) {
        Map<String, DeviceTensor> tensors = new HashMap<>();
        shapes.forEach((name, shape) -> tensors.put(name, load(name, shape)));
        return new LayerWeights(tensors);
    }
}
