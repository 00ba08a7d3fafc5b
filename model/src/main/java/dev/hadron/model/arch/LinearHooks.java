package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;

/**
 * What may look at, or change, the tensors that pass the linear layers of a decoder, window by window. Several windows may pass at
 * once, on several threads.
 */
public interface LinearHooks {
    /** Changes nothing. */
    LinearHooks NONE = new LinearHooks() {};

    /** Whether the order in which windows pass matters; then they pass one after the other. */
    default boolean needOrder() {
        return false;
    }

    /** The input that a layer shall use: {@code x}, {@code [n, in]}, or another in its place. */
    default DeviceTensor input(String layer, DeviceTensor x) {
        return x;
    }

    /** The output that the layers after it shall use: {@code y}, {@code [n, out]}, or another in its place. */
    default DeviceTensor output(String layer, DeviceTensor y) {
        return y;
    }
}
