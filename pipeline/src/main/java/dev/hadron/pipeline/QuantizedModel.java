package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.pipeline.work.Changes;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.util.Map;

/**
 * A model with a plan carried out: weights are quantized when they are asked for, so that one is in memory at a time.
 *
 * @param source the floating-point checkpoint
 * @param plan what is done to it
 * @param activations what calibration found, by layer
 * @param changes what algorithms made of its tensors
 */
public record QuantizedModel(
        Checkpoint source, QuantizationPlan plan, Map<String, LayerParameters> activations, Changes changes) {
    /** A model that no algorithm changed. */
    public QuantizedModel(Checkpoint source, QuantizationPlan plan, Map<String, LayerParameters> activations) {
        this(source, plan, activations, Changes.NONE);
    }

    /** Copies the map. */
    public QuantizedModel {
        activations = Map.copyOf(activations);
    }

    /** A layer's static activations. */
    public LayerParameters activations(LayerPlan layer) {
        return activations.getOrDefault(layer.layer(), LayerParameters.NONE);
    }
}
