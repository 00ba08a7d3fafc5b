package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.calibration.CalibrationResult;
import dev.hadron.calibration.Calibrator;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.execution.Execution;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.ModelLayers;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.work.Changes;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Carries out a plan. */
public final class ModelQuantizer {
    private final QuantizationPlan plan;

    private ModelQuantizer(QuantizationPlan plan) {
        this.plan = plan;
    }

    /** A quantizer for this plan. */
    public static ModelQuantizer of(QuantizationPlan plan) {
        return new ModelQuantizer(plan);
    }

    /**
     * The layers of a floating-point checkpoint.
     *
     * @throws UnsupportedQuantizationException when the checkpoint is quantized already
     */
    public static ModelLayers layersOf(Checkpoint source) {
        return layersOf(source, List.of());
    }

    /**
     * The layers of a floating-point checkpoint.
     *
     * @param linear patterns of layers that are linear whatever their names say
     * @throws UnsupportedQuantizationException when the checkpoint is quantized already
     * @throws ConfigException when a pattern matches nothing, or what can't be a linear layer
     */
    public static ModelLayers layersOf(Checkpoint source, List<String> linear) {
        source.quantMethod().ifPresent(method -> {
            throw new UnsupportedQuantizationException("the checkpoint " + source.folder()
                    + " is already quantized (quant_method \"" + method + "\"); start from the floating-point one");
        });
        return ModelLayers.of(source, linear);
    }

    /**
     * Quantizes without running the model. Weights stream when the result is written, one at a time.
     *
     * @param source must stay open as long as the result is used
     * @throws ConfigException when the plan has static activations, whose scales only calibration can find
     */
    public QuantizedModel quantize(Checkpoint source) {
        if (plan.needsCalibration()) {
            throw new ConfigException(
                    "the configuration quantizes activations with static scales, which are found by calibration; give a calibration text"
                            + " (--calibration)");
        }
        return new QuantizedModel(source, plan, Map.of());
    }

    /**
     * Calibrates, and quantizes. Weights stream when the result is written, one at a time.
     *
     * @param source must stay open as long as the result is used
     */
    public QuantizedModel quantize(
            Checkpoint source, TensorRuntime runtime, CalibrationData data, Execution execution) {
        if (!plan.needsCalibration()) {
            return quantize(source);
        }
        CalibrationResult found = Calibrator.calibrate(
                plan, ServedDecoder.specOf(source), new FloatWeights(source), runtime, data.windows(), execution);
        return new QuantizedModel(source, plan, found.parameters(), Changes.NONE.with(found.notes()));
    }

    /**
     * Runs the algorithms that the configuration asks for, layer by layer, and calibrates what is left. Weights are rounded, or take the codes
     * that were chosen, when the result is written.
     *
     * @param source must stay open as long as the result is used
     * @param runtime loaded only if the model is run
     * @param windows to run the model over; may be empty where nothing looks at activations
     * @param seed of random rotations
     * @param work where the state of the run is, and stays as long as the result is used
     * @throws dev.hadron.error.HadronException when an algorithm can't work on this model
     */
    public QuantizedModel optimize(
            Checkpoint source,
            Supplier<TensorRuntime> runtime,
            List<long[]> windows,
            long seed,
            WorkFolder work,
            Execution execution)
            throws IOException {
        DecoderSpec spec = ServedDecoder.specOf(source);
        Algorithms.check(plan, spec);
        Changes changes = new Optimization(source, plan, spec, seed).run(windows, runtime, work, execution);
        return new QuantizedModel(source, plan, changes.activations(), changes);
    }
}
