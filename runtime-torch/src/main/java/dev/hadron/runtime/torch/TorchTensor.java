package dev.hadron.runtime.torch;

import dev.hadron.model.runtime.DeviceTensor;
import org.bytedeco.pytorch.Tensor;

/** A native tensor. */
record TorchTensor(Tensor tensor) implements DeviceTensor {
    @Override
    public long[] shape() {
        return tensor.sizes().vec().get();
    }

    static Tensor of(DeviceTensor x) {
        if (x instanceof TorchTensor torchTensor) {
            return torchTensor.tensor();
        }
        throw new IllegalArgumentException("the tensor belongs to another runtime");
    }
}
