package dev.hadron.runtime.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.dtype.StorageType;
import dev.hadron.execution.Execution;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.Architectures;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits of tiny models of each architecture and rope type, against those that Transformers computes. */
class DecoderFixturesTest {
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    private Path temporary;

    static Stream<String> fixtures() throws IOException {
        try (Stream<Path> folders = Files.list(root())) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereAreFixturesOfEachArchitectureAndRopeType() throws IOException {
        assertThat(fixtures())
                .hasSizeGreaterThanOrEqualTo(20)
                .contains("llama", "mistral_sliding", "mixtral", "qwen2", "qwen3", "qwen3_moe")
                .contains("llama_rope_linear", "llama_rope_dynamic_long", "llama_rope_llama3", "llama_rope_yarn");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void logitsAreThoseOfTransformers(String fixture) throws IOException {
        Path folder = root().resolve(fixture);
        try (Checkpoint expected = Checkpoint.open(expectedFolder(folder));
                MappedTensor ids = expected.map("input_ids");
                MappedTensor logits = expected.map("logits");
                Checkpoint model = Checkpoint.open(folder);
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            DecoderSpec spec = specOf(model);
            long[] tokens = longs(ids.tensor());

            float[] computed = logits(spec, model, runtime, tokens);

            float[] wanted = logits.tensor().toFloats();
            assertThat(computed).hasSameSizeAs(wanted);
            float largest = 0;
            for (int i = 0; i < wanted.length; i++) {
                largest = Math.max(largest, Math.abs(computed[i] - wanted[i]));
            }
            assertThat(largest).as("largest difference of logits").isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private static DecoderSpec specOf(Checkpoint model) {
        ModelConfig config = new ModelConfig(model.config());
        return Architectures.of(config).spec(config);
    }

    private static float[] logits(DecoderSpec spec, Checkpoint model, TensorRuntime runtime, long[] tokens) {
        float[][] result = new float[1][];
        new Decoder(spec, new FloatWeights(model), runtime, LinearHooks.NONE)
                .run(
                        List.of(tokens),
                        "evaluate",
                        Execution.quiet(),
                        (window, logits) -> runtime.read(logits, x -> result[0] = x.toFloats()));
        return result[0];
    }

    /** A checkpoint folder whose weights are the expected tensors. */
    private Path expectedFolder(Path fixture) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("expected"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.copy(fixture.resolve("expected.safetensors"), folder.resolve("model.safetensors"));
        return folder;
    }

    private static long[] longs(Tensor x) {
        assertThat(x.type()).isEqualTo(StorageType.I64);
        long[] values = new long[Math.toIntExact(x.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = x.data().get(Tensor.LONG, (long) i * Long.BYTES);
        }
        return values;
    }

    private static Path root() {
        try {
            return Path.of(DecoderFixturesTest.class.getResource("/decoders").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
