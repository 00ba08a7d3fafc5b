package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The tensors of a decoder layer on the device, by the checkpoint's names. A layer's structure and its values are apart, so that
 * an algorithm can run the same layer with other values.
 *
 * @param tensors each lives as long as the scope that it was made in
 */
public record LayerWeights(Map<String, DeviceTensor> tensors) {
    /** Copies the map. */
    public LayerWeights {
        tensors = Map.copyOf(tensors);
    }

    /** A tensor of this layer. */
    public DeviceTensor get(String tensor) {
        DeviceTensor found = tensors.get(tensor);
        if (found == null) {
            throw new IllegalArgumentException("the layer has no tensor " + tensor);
        }
        return found;
    }

    /** The same with some tensors exchanged. */
    public LayerWeights with(Map<String, DeviceTensor> others) {
        Map<String, DeviceTensor> all = new HashMap<>(tensors);
        all.putAll(others);
        return new LayerWeights(all);
    }
}
