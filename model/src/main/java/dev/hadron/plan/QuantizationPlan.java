package dev.hadron.plan;

import dev.hadron.config.Config;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What will be done to a model: total, with nothing left open.
 *
 * @param model the layers that it is for
 * @param layout what its result is written in
 * @param config what the user said, for the record
 * @param profile what the arithmetic follows
 * @param layers the layers of which something is quantized, in the order of the checkpoint
 * @param kept the layers that stay as they are, and why
 * @param warnings what the user should know before the work starts, a sentence each
 */
public record QuantizationPlan(
        ModelLayers model,
        ExportLayout layout,
        Config config,
        NumericsProfile profile,
        List<LayerPlan> layers,
        Map<String, String> kept,
        List<String> warnings) {
    /** Copies the collections. */
    public QuantizationPlan {
        layers = List.copyOf(layers);
        kept = Map.copyOf(new TreeMap<>(kept));
        warnings = List.copyOf(warnings);
    }

    /** {@link #of(Config, ModelLayers, ExportLayout)} for the layout {@code quark}. */
    public static QuantizationPlan of(Config config, ModelLayers model) {
        return of(config, model, ExportLayout.QUARK);
    }

    /**
     * The plan for a model. What is wrong is told for all layers at once.
     *
     * @throws dev.hadron.error.ConfigException when a setting is missing or doesn't fit a layer, which the message names
     * @throws dev.hadron.error.UnsupportedQuantizationException when a setting asks for what can't be done, or
     *     the layout can't hold it
     */
    public static QuantizationPlan of(Config config, ModelLayers model, ExportLayout layout) {
        return new Planner(config, model, layout).plan();
    }

    /** Whether scales of activations are found by running the model over calibration data. */
    public boolean needsCalibration() {
        return layers.stream().anyMatch(LayerPlan::needsCalibration);
    }

    /** The plan of the layer whose weight is this tensor. */
    public Optional<LayerPlan> ofTensor(String tensor) {
        return layers.stream()
                .filter(layer -> layer.weightView().tensor().equals(tensor))
                .findFirst();
    }
}
