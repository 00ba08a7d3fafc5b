package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.config.Int8PerTensorSpec;
import dev.hadron.config.ObserverMethod;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The tiny decoders of each family that the runtime is tested with, 32 tokens of vocabulary each. */
final class DecoderFixtures {
    private static final int VOCABULARY = 32;

    private DecoderFixtures() {}

    static Path folder(String name) {
        return Path.of("../runtime-torch/src/test/resources/decoders").resolve(name);
    }

    /** Static int8 with one scale a tensor. */
    static Int8PerTensorSpec int8() {
        return Int8PerTensorSpec.builder()
                .observerMethod(ObserverMethod.MIN_MAX)
                .symmetric(true)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .isDynamic(false)
                .build();
    }

    static DecoderSpec spec(Checkpoint checkpoint) {
        return ServedDecoder.specOf(checkpoint);
    }

    /** Windows of different lengths. */
    static List<long[]> windows() {
        Random random = new Random(11);
        List<long[]> windows = new ArrayList<>();
        for (int length : new int[] {24, 40, 17, 33, 24}) {
            windows.add(random.longs(length, 0, VOCABULARY).toArray());
        }
        return windows;
    }

    /** The logits of all windows, one after the other. */
    static List<float[]> logits(DecoderSpec spec, WeightSource weights, LinearHooks hooks, TensorRuntime runtime) {
        float[][] logits = new float[windows().size()][];
        new Decoder(spec, weights, runtime, hooks)
                .run(
                        windows(),
                        "run",
                        Execution.quiet(),
                        (window, x) -> runtime.read(x, host -> logits[window] = host.toFloats()));
        return List.of(logits);
    }

    /** The largest difference over the largest magnitude. */
    static double relativeDifference(List<float[]> a, List<float[]> b) {
        double largest = 0;
        double difference = 0;
        for (int window = 0; window < a.size(); window++) {
            for (int i = 0; i < a.get(window).length; i++) {
                largest = Math.max(largest, Math.abs(a.get(window)[i]));
                difference = Math.max(difference, Math.abs(a.get(window)[i] - b.get(window)[i]));
            }
        }
        return difference / largest;
    }
}
