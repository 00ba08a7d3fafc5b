package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A matrix with an optional bias, under the name that users address it by.
 *
 * @param name the module's name in the checkpoint
 */
record Linear(String name, DeviceTensor weight, @Nullable DeviceTensor bias) {
    DeviceTensor apply(TensorRuntime runtime, LinearHooks hooks, DeviceTensor x) {
        return hooks.output(name, runtime.linear(hooks.input(name, x), weight, bias));
    }
}
