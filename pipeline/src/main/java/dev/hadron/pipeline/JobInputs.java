package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.ConfigException;
import dev.hadron.execution.Cancellation;
import dev.hadron.model.tokenizer.ModelText;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a job read of its texts before the work began.
 *
 * @param calibration empty where nothing looks at what passes the model
 * @param evaluation the windows to measure with; empty where nothing is measured
 */
record JobInputs(Optional<CalibrationData> calibration, List<long[]> evaluation) {
    /**
     * Reads what a plan needs.
     *
     * @param seed of drawn samples
     * @param notes what the user should know is added
     * @throws ConfigException when the plan needs calibration data and there is none
     */
    static JobInputs read(
            Checkpoint source,
            QuantizationPlan plan,
            @Nullable Calibration calibration,
            @Nullable EvaluationText evaluation,
            long seed,
            List<String> notes,
            Cancellation cancellation)
            throws IOException {
        boolean optimizes = PlanReport.looksAtActivations(source, plan);
        boolean calibrates = plan.needsCalibration() || optimizes;
        if (calibrates && calibration == null) {
            throw new ConfigException((optimizes
                            ? "the configuration asks for an algorithm that looks at what passes the model"
                            : "the configuration quantizes activations with static scales, which are found by calibration")
                    + "; give a calibration text (--calibration)");
        }
        if (!calibrates && calibration != null) {
            notes.add("the calibration data wasn't used: no scale of this configuration is found by calibration");
        }
        if (!calibrates && evaluation == null) {
            return new JobInputs(Optional.empty(), List.of());
        }
        int vocabulary = ServedDecoder.specOf(source).vocabulary();
        try (ModelText text = new ModelText(source.folder())) {
            Optional<CalibrationData> data = calibrates && calibration != null
                    ? Optional.of(CalibrationData.read(calibration, text, seed, vocabulary, cancellation))
                    : Optional.empty();
            data.ifPresent(read -> notes.addAll(read.notes()));
            List<long[]> windows = evaluation == null
                    ? List.of()
                    : Evaluator.windows(evaluation.text(), text.tokenizer(), evaluation.window(), evaluation.tokens());
            return new JobInputs(data, windows);
        }
    }

    /** The windows to calibrate with. */
    List<long[]> calibrationWindows() {
        return calibration.map(CalibrationData::windows).orElse(List.of());
    }
}
