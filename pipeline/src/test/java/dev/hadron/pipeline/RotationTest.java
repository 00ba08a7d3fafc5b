package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.algorithm.rotation.ModelRotations;
import dev.hadron.algorithm.rotation.RotatedWeights;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.config.Config;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Parallel;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rotated models compute what the models do that they are made from. */
class RotationTest {
    private static final double TOLERANCE = 1e-3;

    static Stream<Arguments> rotations() {
        List<PreQuantOptConfig> configs = List.of(
                RotationConfig.builder().build(),
                RotationConfig.builder().random(true).build(),
                QuaRotConfig.builder().build(),
                QuaRotConfig.builder()
                        .random(true)
                        .random2(true)
                        .onlineHad(false)
                        .build(),
                QuaRotConfig.builder().kvCacheQuant(false).build());
        return Stream.of(
                        "llama",
                        "llama_tied",
                        "llama_biases",
                        "mistral_sliding",
                        "qwen2",
                        "qwen3_sliding_biases",
                        "mixtral",
                        "qwen3_moe")
                .flatMap(fixture -> configs.stream().map(config -> Arguments.of(fixture, config)));
    }

    @ParameterizedTest
    @MethodSource("rotations")
    void logitsAreThoseOfTheModel(String fixture, PreQuantOptConfig rotation) throws IOException {
        Config config = Config.builder().addPreOptimizationConfig(rotation).build();
        try (Checkpoint source = Checkpoint.open(DecoderFixtures.folder(fixture));
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            DecoderSpec spec = DecoderFixtures.spec(source);
            WeightSource weights = new FloatWeights(source);
            ModelRotations rotations =
                    Algorithms.rotations(config, spec, 3, Parallel.sequential()).orElseThrow();
            WeightSource rotated = new RotatedWeights(weights, spec, rotations, Parallel.sequential());
            LinearHooks online =
                    Algorithms.onlineRotation(config, spec, runtime).around(LinearHooks.NONE);

            List<float[]> logits = DecoderFixtures.logits(spec.untied(), rotated, online, runtime);

            List<float[]> wanted = DecoderFixtures.logits(spec, weights, LinearHooks.NONE, runtime);
            assertThat(DecoderFixtures.relativeDifference(wanted, logits)).isLessThan(TOLERANCE);
            if (rotations.areOnline()) {
                List<float[]> without = DecoderFixtures.logits(spec.untied(), rotated, LinearHooks.NONE, runtime);
                boolean cancelsByItself = !rotations.intermediate();
                assertThat(DecoderFixtures.relativeDifference(wanted, without) > TOLERANCE)
                        .as("the online part makes a difference")
                        .isEqualTo(!cancelsByItself);
            }
        }
    }
}
