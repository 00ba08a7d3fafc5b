package dev.hadron.calibration;

import dev.hadron.execution.Execution;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the scales of static activations, with the weights still floating point. */
public final class Calibrator {
    private Calibrator() {}

    /**
     * Runs the model over all windows, each a batch of its own, and asks the observers.
     *
     * @param windows token ids, each window of the same length
     * @return one entry for each layer that has static activations
     */
    public static Map<String, LayerParameters> calibrate(
            QuantizationPlan plan,
            DecoderSpec model,
            WeightSource weights,
            TensorRuntime runtime,
            List<long[]> windows,
            Execution execution) {
        List<LayerPlan> layers =
                plan.layers().stream().filter(LayerPlan::needsCalibration).toList();
        CalibrationHooks hooks = new CalibrationHooks(runtime, layers);
        new Decoder(model, weights, runtime, hooks).run(windows, "calibrate", execution, (window, logits) -> {});
        Map<String, LayerParameters> parameters = new LinkedHashMap<>();
        layers.forEach(layer -> parameters.put(layer.layer(), hooks.parameters(layer.layer())));
        return parameters;
    }
}
