package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.numerics.Parallel;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.quantizer.TensorQuantizer;
import dev.hadron.tensor.QuantizedTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * A model with a plan carried out: weights are quantized when they are asked for, so that one is in memory at a time.
 *
 * @param source the floating-point checkpoint
 * @param plan what is done to it
 * @param activations what calibration found, by layer
 */
public record QuantizedModel(Checkpoint source, QuantizationPlan plan, Map<String, LayerParameters> activations) {
    /** Copies the map. */
    public QuantizedModel {
        activations = Map.copyOf(activations);
    }

    /**
     * A layer's quantized weight.
     *
     * @param arena owns the result
     */
    public QuantizedTensor weight(LayerPlan layer, Arena arena, Parallel parallel) throws IOException {
        QuantizationSpec spec = layer.weight().orElseThrow();
        String tensor = layer.weightView().tensor();
        try (MappedTensor mapped = source.map(tensor)) {
            return TensorQuantizer.of(spec, parallel).quantize(mapped.tensor(), "the tensor " + tensor, arena);
        }
    }

    /** A layer's static activations. */
    public LayerParameters activations(LayerPlan layer) {
        return activations.getOrDefault(layer.layer(), LayerParameters.NONE);
    }
}
