package dev.hadron.runtime.torch;

import dev.hadron.error.ConfigException;
import dev.hadron.model.runtime.TensorRuntime;
import org.bytedeco.pytorch.global.torch;

/** Makes runtimes on libtorch, for {@code cpu} and, where the native build has it, {@code cuda} and {@code cuda:N}. */
public final class TorchRuntimeProvider implements TensorRuntime.Provider {
    /** Called by the service loader. */
    public TorchRuntimeProvider() {}

    @Override
    public boolean supports(String device) {
        return device.matches("cpu|cuda(:\\d+)?");
    }

    @Override
    public TensorRuntime create(String device) {
        if (device.startsWith("cuda") && !torch.hasCUDA()) {
            throw new ConfigException("the device " + device
                    + " needs a libtorch built for CUDA and a GPU, which aren't here; use --device cpu");
        }
        return new TorchRuntime(device);
    }
}
