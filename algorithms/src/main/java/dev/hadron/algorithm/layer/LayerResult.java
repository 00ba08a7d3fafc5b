package dev.hadron.algorithm.layer;

import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What the algorithms made of a layer. Device tensors and codes live until the receiver returns.
 *
 * @param layer which decoder layer, from 0; one more than the last for what comes after the layers
 * @param changed tensors that have other values than the checkpoint's
 * @param before weights that were changed before an algorithm chose their codes, as they were then, float32
 * @param codes weights whose codes the algorithm chose, by the linear layer's name
 * @param activations scales of static activations, by the linear layer's name
 * @param notes what the user should know
 */
public record LayerResult(
        int layer,
        Map<String, DeviceTensor> changed,
        Map<String, Tensor> before,
        Map<String, QuantizedTensor> codes,
        Map<String, LayerParameters> activations,
        List<String> notes) {
    /** Copies the collections. */
    public LayerResult {
        changed = Map.copyOf(changed);
        before = Map.copyOf(before);
        codes = Map.copyOf(codes);
        activations = Map.copyOf(activations);
        notes = List.copyOf(notes);
    }
}
