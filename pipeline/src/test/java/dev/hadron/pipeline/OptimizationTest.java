package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.AWQConfig;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.Config;
import dev.hadron.config.GPTQConfig;
import dev.hadron.config.Int4PerGroupSpec;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.execution.ProgressListener;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Algorithms on tiny decoders of each family: what they keep, what they gain, how they stop and go on. */
class OptimizationTest {
    private static final double TOLERANCE = 1e-3;
    private static final QuantizationConfig INT4 = QuantizationConfig.builder()
            .weight(Int4PerGroupSpec.builder()
                    .symmetric(true)
                    .scaleType(ScaleType.FLOAT)
                    .roundMethod(RoundType.HALF_EVEN)
                    .chAxis(-1)
                    .isDynamic(false)
                    .groupSize(4)
                    .build())
            .build();
    private static final QuantizationConfig INT8 = QuantizationConfig.builder()
            .weight(DecoderFixtures.int8())
            .inputTensors(DecoderFixtures.int8())
            .build();

    @TempDir
    private Path temporary;

    private TensorRuntime runtime = TensorRuntime.load("cpu");

    @BeforeEach
    void loadRuntime() {
        runtime = TensorRuntime.load("cpu");
    }

    private static Config.Builder int4() {
        return Config.builder().globalQuantConfig(INT4).exclude("lm_head", "*.gate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_biases", "mistral_sliding", "qwen2", "qwen3", "mixtral", "qwen3_moe"})
    void smoothedModelsComputeWhatTheyDid(String fixture) throws IOException {
        Config config = int4().addPreOptimizationConfig(
                        SmoothQuantConfig.builder().alpha(0.5).build())
                .build();
        try (Run run = new Run(fixture, config)) {
            run.optimize();

            List<float[]> smoothed = DecoderFixtures.logits(
                    DecoderFixtures.spec(run.source), run.changedWeights(), LinearHooks.NONE, runtime);

            assertThat(run.changes().tensors()).containsKey("model.layers.0.input_layernorm.weight");
            assertThat(DecoderFixtures.relativeDifference(run.floatLogits(), smoothed))
                    .isLessThan(TOLERANCE);
        }
    }

    static Stream<Config> gains() {
        return Stream.of(
                int4().algoConfig(GPTQConfig.builder().build()).build(),
                int4().algoConfig(GPTQConfig.builder().descAct(false).build()).build(),
                int4().algoConfig(GPTQConfig.builder()
                                .descAct(false)
                                .staticGroups(false)
                                .build())
                        .build(),
                int4().algoConfig(GPTQConfig.builder().trueSequential(false).build())
                        .build(),
                int4().algoConfig(AWQConfig.builder().build()).build());
    }

    @ParameterizedTest
    @MethodSource("gains")
    void outputsComeNearerThanWithPlainRounding(Config config) throws IOException {
        for (String fixture : List.of("llama", "qwen3", "qwen3_moe")) {
            double rounded = error(fixture, config.toBuilder().algoConfig(null).build());

            double optimized = error(fixture, config);

            assertThat(optimized).as(fixture).isLessThan(rounded);
        }
    }

    @Test
    void smoothingGainsWhereActivationsAreQuantized() throws IOException {
        Config config = Config.builder()
                .globalQuantConfig(INT8)
                .exclude("lm_head", "*.gate")
                .algoConfig(AutoSmoothQuantConfig.builder().build())
                .build();
        try (Run run = new Run("llama", config)) {
            run.optimize();

            assertThat(run.changes().activations()).hasSize(14);
            assertThat(run.changes().tensors()).containsKey("model.layers.1.post_attention_layernorm.weight");
            assertThat(run.exportedLogits()).hasSize(DecoderFixtures.windows().size());
        }
    }

    @Test
    void rotationSmoothingAndCodesComposeInOrder() throws IOException {
        Config config = int4().addPreOptimizationConfig(RotationConfig.builder().build())
                .addPreOptimizationConfig(SmoothQuantConfig.builder().alpha(0.5).build())
                .algoConfig(GPTQConfig.builder().build())
                .build();

        double composed = error("llama", config);

        assertThat(composed).isLessThan(0.2);
    }

    @Test
    void resultsDontDependOnTheNumberOfThreads() throws IOException {
        Config config = int4().addPreOptimizationConfig(
                        SmoothQuantConfig.builder().alpha(0.5).build())
                .algoConfig(GPTQConfig.builder().build())
                .build();
        Path one = temporary.resolve("one");
        Path three = temporary.resolve("three");
        try (Run run = new Run("qwen2", config);
                ExecutorService executor = Executors.newFixedThreadPool(3)) {
            run.optimize();
            run.export(one);
            run.restart(new Execution(Parallel.of(executor, 3), ProgressListener.NONE, new Cancellation()));
            run.optimize();
            run.export(three);
        }

        assertThat(Files.mismatch(one.resolve("model.safetensors"), three.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aRunThatWasStoppedGoesOnToTheSameBytes(int results) throws IOException {
        Config config = int4().addPreOptimizationConfig(
                        SmoothQuantConfig.builder().alpha(0.5).build())
                .algoConfig(GPTQConfig.builder().build())
                .build();
        Path undisturbed = temporary.resolve("undisturbed");
        Path resumed = temporary.resolve("resumed");
        try (Run run = new Run("qwen2", config)) {
            run.optimize();
            run.export(undisturbed);
        }
        try (Run run = new Run("qwen2", config)) {
            Cancellation cancellation = new Cancellation();
            run.restart(new Execution(
                    Parallel.sequential(),
                    new ProgressListener() {
                        @Override
                        public void advanced(long done) {
                            if (done > results) {
                                cancellation.request();
                            }
                        }
                    },
                    cancellation));
            assertThatThrownBy(run::optimize).isInstanceOf(CancellationException.class);
            int before = run.work.done();
            run.resume(run.identity);
            assertThat(run.work.done()).isEqualTo(before).isBetween(results, results + 1);
            run.optimize();
            run.export(resumed);
        }

        assertThat(Files.mismatch(undisturbed.resolve("model.safetensors"), resumed.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void anotherRunIsNotContinued() throws IOException {
        Config config = int4().algoConfig(GPTQConfig.builder().build()).build();
        try (Run run = new Run("llama", config)) {
            run.optimize();
            ObjectNode other = run.identity.deepCopy();
            other.put("seed", 1);

            assertThatThrownBy(() -> run.resume(other))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("its seed differs (0 then, 1 now)");
        }
    }

    @Test
    void activationsThatArentNumbersNameTheLayerAndTheChannel() throws IOException {
        Path broken = copyOf("llama");
        edit(broken, "model.layers.1.post_attention_layernorm.weight", 5, Float.NaN);

        for (Config config : List.of(
                int4().algoConfig(GPTQConfig.builder().build()).build(),
                int4().algoConfig(AWQConfig.builder().build()).build())) {
            try (Run run = new Run(broken, config)) {
                assertThatThrownBy(run::optimize)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("the input of layer model.layers.1.mlp.")
                        .hasMessageContaining("first in channel 5");
            }
        }
    }

    @Test
    void inputsThatAreAllZeroAreRefused() throws IOException {
        Path broken = copyOf("llama");
        for (int channel = 0; channel < 32; channel++) {
            edit(broken, "model.layers.0.input_layernorm.weight", channel, 0);
        }
        try (Run run =
                new Run(broken, int4().algoConfig(GPTQConfig.builder().build()).build())) {
            assertThatThrownBy(run::optimize)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("all inputs of layer model.layers.0.self_attn.")
                    .hasMessageContaining("are zero");
        }
    }

    private double error(String fixture, Config config) throws IOException {
        try (Run run = new Run(fixture, config)) {
            run.optimize();
            double sum = 0;
            double size = 0;
            List<float[]> wanted = run.floatLogits();
            List<float[]> logits = run.exportedLogits();
            for (int window = 0; window < wanted.size(); window++) {
                for (int i = 0; i < wanted.get(window).length; i++) {
                    double difference = wanted.get(window)[i] - logits.get(window)[i];
                    sum += difference * difference;
                    size += wanted.get(window)[i] * wanted.get(window)[i];
                }
            }
            return sum / size;
        }
    }

    private Path copyOf(String fixture) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "model");
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(DecoderFixtures.folder(fixture).resolve(file), folder.resolve(file));
        }
        return folder;
    }

    private static void edit(Path model, String tensor, int element, float value) throws IOException {
        TensorInfo info;
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            info = checkpoint.require(tensor);
        }
        assertThat(info.type()).isEqualTo(StorageType.F32);
        byte[] bytes = Files.readAllBytes(info.file());
        java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putFloat(Math.toIntExact(info.offset() + (long) element * Float.BYTES), value);
        Files.write(info.file(), bytes);
    }

    /** One run of the algorithms that a configuration asks for. */
    private final class Run implements AutoCloseable {
        private final Checkpoint source;
        private final QuantizationPlan plan;
        private final Path folder;
        private final ObjectNode identity =
                JsonNodeFactory.instance.objectNode().put("seed", 0);
        private WorkFolder work;
        private Execution execution = Execution.quiet();
        private QuantizedModel model;

        Run(String fixture, Config config) throws IOException {
            this(DecoderFixtures.folder(fixture), config);
        }

        Run(Path model, Config config) throws IOException {
            source = Checkpoint.open(model);
            plan = QuantizationPlan.of(config, ModelQuantizer.layersOf(source), ExportLayout.HADRON);
            folder = Files.createTempDirectory(temporary, "work");
            work = WorkFolder.open(folder, identity, false);
            this.model = new QuantizedModel(source, plan, java.util.Map.of());
        }

        void restart(Execution other) throws IOException {
            work.delete();
            work = WorkFolder.open(folder, identity, false);
            execution = other;
        }

        void resume(ObjectNode as) throws IOException {
            work.close();
            work = WorkFolder.open(folder, as, true);
            execution = Execution.quiet();
        }

        void optimize() throws IOException {
            model = ModelQuantizer.of(plan)
                    .optimize(source, () -> runtime, DecoderFixtures.windows(), 0, work, execution);
        }

        dev.hadron.pipeline.work.Changes changes() {
            return model.changes();
        }

        void export(Path target) throws IOException {
            Files.createDirectories(target);
            WrittenModel written = ModelExporter.to(ExportLayout.HADRON).write(model, target, Execution.quiet());
            Verification.verify(model, written, target, Execution.quiet());
        }

        List<float[]> exportedLogits() throws IOException {
            Path target = Files.createTempDirectory(temporary, "exported");
            export(target);
            float[][] logits = new float[DecoderFixtures.windows().size()][];
            try (Checkpoint exported = Checkpoint.open(target)) {
                ServedDecoder.of(exported, runtime)
                        .run(
                                DecoderFixtures.windows(),
                                "run",
                                Execution.quiet(),
                                (window, x) -> runtime.read(x, host -> logits[window] = host.toFloats()));
            }
            return List.of(logits);
        }

        List<float[]> floatLogits() {
            return DecoderFixtures.logits(
                    DecoderFixtures.spec(source), new FloatWeights(source), LinearHooks.NONE, runtime);
        }

        /** The source with what was changed, before anything is rounded. */
        WeightSource changedWeights() {
            FloatWeights floats = new FloatWeights(source);
            return new WeightSource() {
                @Override
                public boolean has(String tensor) {
                    return floats.has(tensor);
                }

                @Override
                public Tensor load(String tensor, Arena arena) {
                    TensorInfo changed = changes().tensors().get(tensor);
                    return changed == null ? floats.load(tensor, arena) : read(changed, arena);
                }
            };
        }

        private static Tensor read(TensorInfo info, Arena arena) {
            try (TensorFiles files = new TensorFiles()) {
                Tensor values = Tensor.allocate(arena, StorageType.F32, info.shape());
                files.read(
                        info,
                        0,
                        info.byteSize(),
                        bytes -> Kernels.best()
                                .widen(
                                        bytes,
                                        info.type(),
                                        0,
                                        values.data(),
                                        0,
                                        info.shape().elements()));
                return values;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            work.close();
            source.close();
        }
    }
}
