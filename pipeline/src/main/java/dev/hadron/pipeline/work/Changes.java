package dev.hadron.pipeline.work;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.export.layout.LayerParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What algorithms made of a model.
 *
 * @param tensors that have other values than the source's, by the checkpoint's name: float32 where the weight is quantized, else of the
 *     source's type
 * @param codes that an algorithm chose, by the linear layer's name
 * @param activations scales of static activations, by the linear layer's name
 * @param notes what the user should know
 */
public record Changes(
        Map<String, TensorInfo> tensors,
        Map<String, StoredCodes> codes,
        Map<String, LayerParameters> activations,
        List<String> notes) {
    /** Nothing. */
    public static final Changes NONE = new Changes(Map.of(), Map.of(), Map.of(), List.of());

    /** Copies the collections. */
    public Changes {
        tensors = Map.copyOf(tensors);
        codes = Map.copyOf(codes);
        activations = Map.copyOf(activations);
        notes = List.copyOf(notes);
    }

    /** The same with other notes. */
    public Changes with(List<String> others) {
        return new Changes(tensors, codes, activations, others);
    }

    /** Where the values of a tensor of the source are. */
    public TensorInfo valuesOf(TensorInfo tensor) {
        return tensors.getOrDefault(tensor.name(), tensor);
    }

    /** The codes of a linear layer, where an algorithm chose them. */
    public Optional<StoredCodes> codesOf(String layer) {
        return Optional.ofNullable(codes.get(layer));
    }
}
