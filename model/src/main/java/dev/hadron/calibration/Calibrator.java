package dev.hadron.calibration;

import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the scales of static activations, with the weights still floating point. */
public final class Calibrator {
    private Calibrator() {}

    /**
     * Runs the model over all windows, each a batch of its own, and asks the observers. The output matrix is run only if it is observed.
     *
     * @param windows token ids, each window of the same length
     * @return one entry for each layer that has static activations
     * @throws InvalidInputException when no token reaches a layer, and no other expert has a scale for it
     */
    public static CalibrationResult calibrate(
            QuantizationPlan plan,
            DecoderSpec model,
            WeightSource weights,
            TensorRuntime runtime,
            List<long[]> windows,
            Execution execution) {
        List<LayerPlan> layers =
                plan.layers().stream().filter(LayerPlan::needsCalibration).toList();
        CalibrationHooks hooks = new CalibrationHooks(runtime, layers);
        Decoder decoder = new Decoder(model, weights, runtime, hooks);
        if (layers.stream().anyMatch(layer -> layer.layer().equals(DecoderSpec.HEAD))) {
            decoder.run(windows, "calibrate", execution, (window, logits) -> {});
        } else {
            decoder.runLayers(windows, "calibrate", execution);
        }
        return hooks.result(IntStream.range(0, model.layers())
                .mapToObj(layer -> model.layer(layer).alternatives())
                .flatMap(List::stream)
                .toList());
    }
}
