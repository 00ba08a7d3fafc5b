package dev.hadron.runtime.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.dtype.StorageType;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.arch.Architectures;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.LayerStage;
import dev.hadron.model.arch.LayerState;
import dev.hadron.model.arch.LayerWeights;
import dev.hadron.model.arch.LinearGroup;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.arch.Positions;
import dev.hadron.model.arch.ScalingGroup;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with experts run part by part, as algorithms do. */
class SparseFeedForwardTest {
    private static final int TOKENS = 9;
    private static final int PER_TOKEN = 2;
    private static final String BLOCK = "model.layers.1.block_sparse_moe";

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"mixtral", "qwen3_moe_dense_layers"})
    void aLayerThatIsStoredBetweenItsStagesGivesTheSame(String fixture) throws IOException {
        run(fixture, 3, (layer, pass) -> {
            TensorRuntime runtime = pass.runtime();
            DeviceTensor x = random(runtime, TOKENS, 32);
            float[] whole = floats(runtime, layer.apply(pass, x));

            LayerState state = layer.start(pass, x);
            for (LayerStage stage : layer.stages()) {
                state = stage.advance(pass, stored(runtime, state));
            }

            assertThat(state.tensors()).hasSize(1);
            assertThat(floats(runtime, state.stream())).isEqualTo(whole);
        });
    }

    @Test
    void eachExpertIsShownItsOwnTokensAndIdleOnesAreNot() throws IOException {
        run("mixtral", 1, (layer, pass) -> {
            Map<String, Long> rows = rowsShown(layer, pass, TOKENS);
            Map<String, Long> rowsOfOne = rowsShown(layer, pass, 1);

            assertThat(rows).containsEntry(BLOCK + ".gate", (long) TOKENS);
            for (String matrix : List.of("w1", "w2", "w3")) {
                assertThat(sumOf(rows, matrix)).isEqualTo(PER_TOKEN * TOKENS);
                assertThat(sumOf(rowsOfOne, matrix)).isEqualTo(PER_TOKEN);
                assertThat(rowsOfOne.keySet())
                        .filteredOn(name -> name.endsWith(matrix))
                        .hasSize(PER_TOKEN);
            }
        });
    }

    @Test
    void theBlockIsTheSumOfItsExperts() throws IOException {
        run("mixtral", 1, (layer, pass) -> {
            TensorRuntime runtime = pass.runtime();
            DeviceTensor x = random(runtime, TOKENS, 32);
            float[] scores = floats(runtime, apply(layer, pass, BLOCK + ".gate", x));

            float[] block = floats(runtime, apply(layer, pass, BLOCK, x));

            float[][] experts = new float[4][];
            for (int expert = 0; expert < experts.length; expert++) {
                experts[expert] = floats(runtime, apply(layer, pass, BLOCK + ".experts." + expert, x));
            }
            for (int i = 0; i < block.length; i++) {
                assertThat(block[i]).isCloseTo(mixed(scores, experts, i), within(1e-4f));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"mixtral, 1, 13", "qwen3_moe, 1, 16", "qwen3_moe_dense_layers, 3, 16", "qwen3_moe_dense_layers, 1, 3"})
    void scalesMoveWithinAGroupWithoutAChangeOfTheOutput(String fixture, int index, int readers) throws IOException {
        run(fixture, index, (layer, pass) -> {
            TensorRuntime runtime = pass.runtime();
            DeviceTensor x = random(runtime, TOKENS, 32);
            float[] before = floats(runtime, layer.apply(pass, x));
            List<ScalingGroup> groups = layer.scalingGroups();
            Map<String, DeviceTensor> scaled = new HashMap<>();
            // Those of attention come first; that of values needs one factor for all query heads of a group.
            groups.stream().skip(2).forEach(group -> scale(runtime, pass.weights(), group, scaled));

            float[] after = floats(runtime, layer.apply(pass.with(pass.weights().with(scaled)), x));

            assertThat(scaled.keySet()).anySatisfy(name -> assertThat(name).contains("post_attention_layernorm"));
            assertThat(scaled.keySet().stream().filter(name -> !name.contains("norm")))
                    .hasSize(readers);
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i]).isCloseTo(before[i], within(1e-3f));
            }
        });
    }

    private static void scale(
            TensorRuntime runtime, LayerWeights weights, ScalingGroup group, Map<String, DeviceTensor> scaled) {
        String previous = group.previous() + ".weight";
        scaled.put(previous, edited(runtime, scaled.getOrDefault(previous, weights.get(previous)), true));
        for (String reader : group.layers()) {
            String name = reader + ".weight";
            scaled.put(name, edited(runtime, scaled.getOrDefault(name, weights.get(name)), false));
        }
    }

    /** Channel c of activations is divided by 1 + c / 8: rows of what makes them, columns of what reads them. */
    private static DeviceTensor edited(TensorRuntime runtime, DeviceTensor weight, boolean makes) {
        return runtime.edit(weight, host -> {
            long columns = host.shape().rank() == 1 ? 1 : host.shape().extent(1);
            for (long i = 0; i < host.elements(); i++) {
                float factor = 1 + (makes ? i / columns : i % columns) / 8f;
                float value = host.data().getAtIndex(Tensor.FLOAT, i);
                host.data().setAtIndex(Tensor.FLOAT, i, makes ? value / factor : value * factor);
            }
        });
    }

    /** Softmax of the scores, the best two of them, whose weights sum to 1. */
    private static float mixed(float[] scores, float[][] experts, int element) {
        int token = element / 32;
        List<Integer> best = List.of(0, 1, 2, 3).stream()
                .sorted((a, b) -> Float.compare(scores[token * 4 + b], scores[token * 4 + a]))
                .limit(PER_TOKEN)
                .toList();
        double sum = best.stream()
                .mapToDouble(expert -> Math.exp(scores[token * 4 + expert]))
                .sum();
        return (float) best.stream()
                .mapToDouble(expert -> Math.exp(scores[token * 4 + expert]) / sum * experts[expert][element])
                .sum();
    }

    private static Map<String, Long> rowsShown(DecoderLayer layer, LayerPass pass, int tokens) {
        Map<String, Long> rows = new LinkedHashMap<>();
        Set<String> groups = layer.stages().stream()
                .flatMap(stage -> stage.groups().stream())
                .map(LinearGroup::linears)
                .flatMap(List::stream)
                .collect(Collectors.toSet());
        LayerPass shorter = positioned(pass, tokens);
        LayerState state = layer.start(shorter, random(pass.runtime(), tokens, 32));
        for (LayerStage stage : layer.stages()) {
            stage.inputs(
                    shorter,
                    state,
                    (group, x) -> group.linears().forEach(name -> {
                        assertThat(groups).contains(name);
                        assertThat(rows.put(name, x.shape()[0])).isNull();
                    }));
            state = stage.advance(shorter, state);
        }
        return rows;
    }

    private static LayerPass positioned(LayerPass pass, int tokens) {
        return tokens == TOKENS
                ? pass
                : new LayerPass(
                        pass.runtime(),
                        pass.hooks(),
                        pass.weights(),
                        new Positions(
                                pass.runtime().block(pass.positions().cos(), 0, tokens, 0, 8),
                                pass.runtime().block(pass.positions().sin(), 0, tokens, 0, 8),
                                pass.runtime().block(pass.positions().mask(), 0, tokens, 0, tokens)));
    }

    private static long sumOf(Map<String, Long> rows, String matrix) {
        return rows.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("." + matrix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static DeviceTensor apply(DecoderLayer layer, LayerPass pass, String module, DeviceTensor x) {
        return layer.module(module).orElseThrow().function().apply(pass, x);
    }

    /** What another process would find. */
    private LayerState stored(TensorRuntime runtime, LayerState state) {
        try (ActivationStore store = ActivationStore.inFile(temporary.resolve("state"))) {
            StreamWindows.storeState(runtime, store, 0, state);
            return StreamWindows.loadState(runtime, store, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String fixture, int index, BiConsumer<DecoderLayer, LayerPass> test) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder(fixture));
                TensorRuntime runtime = TensorRuntime.load("cpu");
                TensorRuntime.Scope unused = runtime.scope()) {
            ModelConfig config = new ModelConfig(checkpoint.config());
            DecoderSpec spec = Architectures.of(config).spec(config);
            DecoderModel model = new DecoderModel(spec, new FloatWeights(checkpoint), runtime);
            DecoderLayer layer = model.layer(index % spec.layers());
            test.accept(
                    layer,
                    new LayerPass(
                            runtime,
                            LinearHooks.NONE,
                            model.load(layer),
                            model.positions(layer, List.of(TOKENS)).ofLength(TOKENS)));
        }
    }

    private static Path folder(String fixture) {
        try {
            return Path.of(SparseFeedForwardTest.class
                    .getResource("/decoders/" + fixture)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DeviceTensor random(TensorRuntime runtime, int rows, int columns) {
        Random random = new Random(5);
        try (Arena arena = Arena.ofConfined()) {
            Tensor x = Tensor.allocate(arena, StorageType.F32, Shape.of(rows, columns));
            for (long i = 0; i < x.elements(); i++) {
                x.data().setAtIndex(Tensor.FLOAT, i, (float) random.nextGaussian());
            }
            return runtime.upload(x);
        }
    }

    private static float[] floats(TensorRuntime runtime, DeviceTensor x) {
        float[][] values = new float[1][];
        runtime.read(x, host -> values[0] = host.toFloats());
        return values[0];
    }
}
