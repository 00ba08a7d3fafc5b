package dev.hadron.algorithm.layer;

import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What the algorithms made of a part of a model: of the embedding table, of a decoder layer, or of what comes after the layers. Tensors live until
 * the receiver returns.
 *
 * @param changed tensors that have other values than the checkpoint's
 * @param values the same, of those that are in host memory: float32
 * @param codes weights whose codes the algorithm chose, by the linear layer's name; where the weight was changed before, its values are those
 *     that the codes were chosen for
 * @param activations scales of static activations, by the linear layer's name
 * @param notes what the user should know
 */
public record LayerResult(
        Map<String, DeviceTensor> changed,
        Map<String, Tensor> values,
        Map<String, QuantizedTensor> codes,
        Map<String, LayerParameters> activations,
        List<String> notes) {
    /** Copies the collections. */
    public LayerResult {
        changed = Map.copyOf(changed);
        values = Map.copyOf(values);
        codes = Map.copyOf(codes);
        activations = Map.copyOf(activations);
        notes = List.copyOf(notes);
    }

    /** A result of changed tensors alone. */
    public static LayerResult ofValues(Map<String, Tensor> values) {
        return new LayerResult(Map.of(), values, Map.of(), Map.of(), List.of());
    }
}
