package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;

/** Brings weights to the device, each of the shape that the model's configuration says. */
final class WeightLoader {
    private final WeightSource weights;
    private final TensorRuntime runtime;

    WeightLoader(WeightSource weights, TensorRuntime runtime) {
        this.weights = weights;
        this.runtime = runtime;
    }

    DeviceTensor load(String tensor, long... shape) {
        try (Arena arena = Arena.ofShared()) {
            Tensor loaded = weights.load(tensor, arena);
            if (!loaded.shape().equals(Shape.of(shape))) {
                throw new CheckpointFormatException("the tensor " + tensor + " has shape " + loaded.shape()
                        + ", but config.json describes a model in which it has " + Shape.of(shape));
            }
            return runtime.upload(loaded);
        }
    }

    Linear linear(String module, boolean hasBias, long out, long in) {
        DeviceTensor weight = load(LayerNames.weight(module), out, in);
        return new Linear(module, weight, hasBias ? load(LayerNames.bias(module), out) : null);
    }
}
