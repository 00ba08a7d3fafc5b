package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.calibration.CalibrationResult;
import dev.hadron.calibration.Calibrator;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.config.Config;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.execution.Execution;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Of the model only what is looked at is run. */
class CalibratorTest {
    private static final QuantizationConfig INPUTS =
            QuantizationConfig.builder().inputTensors(DecoderFixtures.int8()).build();

    private final Set<String> loaded = ConcurrentHashMap.newKeySet();

    @Test
    void theOutputMatrixIsLeftAloneWhereItIsNotObserved() throws IOException {
        CalibrationResult found =
                calibrate(Config.builder().globalQuantConfig(INPUTS).exclude("lm_head"));

        assertThat(loaded).contains("model.layers.1.mlp.down_proj.weight").doesNotContain("lm_head.weight");
        assertThat(found.parameters())
                .containsKey("model.layers.1.mlp.down_proj")
                .doesNotContainKey("lm_head");
    }

    @Test
    void theOutputMatrixIsRunWhereItsInputsAreQuantized() throws IOException {
        CalibrationResult found = calibrate(Config.builder().globalQuantConfig(INPUTS));

        assertThat(loaded).contains("lm_head.weight");
        assertThat(found.parameters()).containsKey("lm_head");
    }

    private CalibrationResult calibrate(Config.Builder config) throws IOException {
        try (Checkpoint source = Checkpoint.open(DecoderFixtures.folder("llama"));
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            return Calibrator.calibrate(
                    QuantizationPlan.of(config.build(), ModelQuantizer.layersOf(source)),
                    DecoderFixtures.spec(source),
                    seen(new FloatWeights(source)),
                    runtime,
                    DecoderFixtures.windows(),
                    Execution.quiet());
        }
    }

    /** The same weights; what is loaded of them is written down. */
    private WeightSource seen(WeightSource weights) {
        return new WeightSource() {
            @Override
            public boolean has(String tensor) {
                return weights.has(tensor);
            }

            @Override
            public Tensor load(String tensor, Arena arena) {
                loaded.add(tensor);
                return weights.load(tensor, arena);
            }

            @Override
            public Tensor loadRows(String tensor, long[] rows, Arena arena) {
                return weights.loadRows(tensor, rows, arena);
            }
        };
    }
}
