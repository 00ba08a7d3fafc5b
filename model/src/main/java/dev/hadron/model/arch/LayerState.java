package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import java.util.List;

/**
 * What a window carries between two stages of a decoder layer: the residual stream first, then what the next stage reads. After the last
 * stage it is the layer's output alone.
 *
 * @param tensors float32, {@code [n, width]} each
 */
public record LayerState(List<DeviceTensor> tensors) {
    /** Copies the list. */
    public LayerState {
        tensors = List.copyOf(tensors);
    }

    static LayerState of(DeviceTensor... tensors) {
        return new LayerState(List.of(tensors));
    }

    /** The residual stream, or the layer's output. */
    public DeviceTensor stream() {
        return tensors.getFirst();
    }

    /** What the next stage's linear layers read. */
    DeviceTensor value() {
        return tensors.get(1);
    }
}
