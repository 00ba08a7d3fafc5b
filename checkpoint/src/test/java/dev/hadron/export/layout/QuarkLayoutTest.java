package dev.hadron.export.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.Config;
import dev.hadron.config.LayerType;
import dev.hadron.config.MXSpec;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.Parallel;
import dev.hadron.quantizer.TensorQuantizer;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class QuarkLayoutTest {
    private final QuarkLayout layout = new QuarkLayout();

    static Stream<QuantizationSpec> specs() {
        List<QuantizationSpec> specs = new ArrayList<>();
        for (Dtype dtype : List.of(Dtype.INT8, Dtype.UINT8, Dtype.INT4, Dtype.UINT4, Dtype.FP8_E4M3, Dtype.FP8_E5M2)) {
            boolean integer = dtype != Dtype.FP8_E4M3 && dtype != Dtype.FP8_E5M2;
            for (boolean symmetric : new boolean[] {true, false}) {
                if (dtype.bits() == 8) {
                    specs.add(spec(dtype, QSchemeType.PER_TENSOR, symmetric, null, null));
                }
                specs.add(spec(dtype, QSchemeType.PER_CHANNEL, symmetric, 0, null));
                if (integer) {
                    specs.add(spec(dtype, QSchemeType.PER_GROUP, symmetric, -1, 16));
                    specs.add(spec(dtype, QSchemeType.PER_GROUP, symmetric, 1, -1));
                }
            }
        }
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void unpackingIsTheInverseOfPacking(QuantizationSpec spec) {
        try (Arena arena = Arena.ofConfined()) {
            LayerFormat format = format(spec, Shape.of(24, 32));
            QuantizedTensor weight =
                    TensorQuantizer.of(spec, Parallel.sequential()).quantize(random(arena, format.shape()), "x", arena);

            Map<String, Tensor> packed = layout.packWeight(format, weight, arena);

            assertThat(packed.values().stream()
                            .map(t -> t.type() + " " + t.shape())
                            .toList())
                    .isEqualTo(layout.declare(format).stream()
                            .map(t -> t.type() + " " + t.shape())
                            .toList());
            QuantizedTensor back = layout.unpackWeight(format, packed::get, arena);
            assertThat(back.codes().mismatch(weight.codes())).isEqualTo(-1);
            assertThat(back.scale().toFloats()).isEqualTo(weight.scale().toFloats());
            assertThat(back.zeroPoint().map(z -> z.data().toArray(ValueLayout.JAVA_BYTE)))
                    .usingRecursiveComparison()
                    .isEqualTo(weight.zeroPoint().map(z -> z.data().toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    @Test
    void fourBitCodesOfAnExtentThatDoesNotFillWordsAreRefused() {
        LayerFormat format = format(spec(Dtype.UINT4, QSchemeType.PER_GROUP, false, -1, 16), Shape.of(20, 32));

        assertThatThrownBy(() -> layout.declare(format))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("model.x")
                .hasMessageContaining("[20, 32]")
                .hasMessageContaining("multiples of 8");
    }

    @Test
    void whatTheLayoutHasNoPlaceForIsRefusedByLayer() {
        List<QuantizationSpec> impossible = List.of(
                spec(Dtype.INT4, QSchemeType.PER_TENSOR, true, null, null),
                spec(Dtype.INT8, QSchemeType.PER_CHANNEL, true, 1, null),
                spec(Dtype.INT8, QSchemeType.PER_GROUP, true, 0, 8),
                spec(Dtype.FP8_E4M3, QSchemeType.PER_GROUP, true, -1, 16));

        for (QuantizationSpec spec : impossible) {
            assertThatThrownBy(() -> layout.declare(format(spec, Shape.of(24, 32))))
                    .isInstanceOf(UnsupportedQuantizationException.class)
                    .hasMessageContaining("model.x");
        }
    }

    @Test
    void staticActivationsPerChannelAreRefused() {
        LayerFormat format = new LayerFormat(
                "model.x",
                LayerType.LINEAR,
                Shape.of(24, 32),
                WorkingType.FLOAT32,
                Optional.empty(),
                Optional.of(spec(Dtype.INT8, QSchemeType.PER_CHANNEL, true, 1, null)),
                Optional.empty());

        assertThatThrownBy(() -> layout.declare(format))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("static int8 input of layer model.x");
    }

    @Test
    void theCacheStandsWhereEachConsumerLooks() {
        QuantizationSpec fp8 = spec(Dtype.FP8_E4M3, QSchemeType.PER_TENSOR, true, null, null);
        QuantizationConfig cache =
                QuantizationConfig.builder().outputTensors(fp8).build();
        Config config = Config.builder()
                .globalQuantConfig(QuantizationConfig.builder().weight(fp8).build())
                .kvCacheQuantConfig("*k_proj", cache)
                .exclude("lm_head")
                .build();
        LayerFormat key = new LayerFormat(
                "m.0.k_proj",
                LayerType.LINEAR,
                Shape.of(8, 8),
                WorkingType.FLOAT32,
                Optional.of(fp8),
                Optional.empty(),
                Optional.of(fp8));

        JsonNode tree = layout.configuration(config, List.of(key), List.of("lm_head"));

        assertThat(tree.at("/export/kv_cache_group/0").stringValue()).isEqualTo("*k_proj");
        JsonNode named = tree.at("/layer_quant_config/*k_proj");
        assertThat(named.at("/output_tensors/dtype").stringValue()).isEqualTo("fp8_e4m3");
        assertThat(named.at("/weight/dtype").stringValue()).isEqualTo("fp8_e4m3");
        assertThat(named.get("input_tensors").isNull()).isTrue();
        assertThat(tree.at("/kv_cache_quant_config/*k_proj")).isEqualTo(named);
        assertThat(tree.get("exclude").toString()).isEqualTo("[\"lm_head\"]");
    }

    @Test
    void excludedLayersStandByTheirFullNamesAndOnlyThoseThatWouldBeQuantized() {
        QuantizationSpec int8 = spec(Dtype.INT8, QSchemeType.PER_CHANNEL, true, 0, null);
        Config config = Config.builder()
                .layerQuantConfig(
                        "*.mlp.*", QuantizationConfig.builder().weight(int8).build())
                .exclude("*.gate", "*.0.*")
                .build();

        JsonNode tree = layout.configuration(
                config, List.of(), List.of("lm_head", "m.0.mlp.up_proj", "m.1.mlp.gate", "m.1.attn.q_proj"));

        assertThat(tree.get("exclude").toString()).isEqualTo("[\"m.0.mlp.up_proj\",\"m.1.mlp.gate\"]");
    }

    /** Named MX specifications are dynamic unless told otherwise; the consumer loads no weight that is. */
    @Test
    void aStoredWeightIsStaticHoweverItWasAskedForAndItsInputIsAsAsked() {
        QuantizationSpec mx = MXSpec.builder().mxElementDtype(Dtype.FP4).build().toQuantizationSpec();
        Config config = Config.builder()
                .globalQuantConfig(
                        QuantizationConfig.builder().weight(mx).inputTensors(mx).build())
                .build();

        JsonNode tree = layout.configuration(config, List.of(), List.of());

        assertThat(mx.isDynamic()).isTrue();
        assertThat(tree.at("/global_quant_config/weight/is_dynamic").booleanValue())
                .isFalse();
        assertThat(tree.at("/global_quant_config/input_tensors/is_dynamic").booleanValue())
                .isTrue();
    }

    @Test
    void aLayersConfigurationIsWrittenWhole() {
        QuantizationSpec int8 = spec(Dtype.INT8, QSchemeType.PER_CHANNEL, true, 0, null);
        QuantizationSpec input = spec(Dtype.INT8, QSchemeType.PER_TENSOR, true, null, null);
        Config config = Config.builder()
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(int8)
                        .inputTensors(input)
                        .build())
                .layerQuantConfig(
                        "*up_proj", QuantizationConfig.builder().weight(input).build())
                .build();

        JsonNode tree = layout.configuration(config, List.of(), List.of());

        JsonNode named = tree.at("/layer_quant_config/*up_proj");
        assertThat(named.at("/weight/qscheme").stringValue()).isEqualTo("per_tensor");
        assertThat(named.at("/input_tensors/dtype").stringValue()).isEqualTo("int8");
        assertThat(named.has("bias") && named.has("output_tensors")).isTrue();
    }

    private static LayerFormat format(QuantizationSpec spec, Shape shape) {
        return new LayerFormat(
                "model.x",
                LayerType.LINEAR,
                shape,
                WorkingType.FLOAT32,
                Optional.of(spec),
                Optional.empty(),
                Optional.empty());
    }

    private static QuantizationSpec spec(
            Dtype dtype,
            QSchemeType scheme,
            boolean symmetric,
            @org.jspecify.annotations.Nullable Integer axis,
            @org.jspecify.annotations.Nullable Integer groupSize) {
        return QuantizationSpec.builder(dtype)
                .qscheme(scheme)
                .observerCls(
                        switch (scheme) {
                            case PER_TENSOR -> ObserverType.PER_TENSOR_MIN_MAX;
                            case PER_CHANNEL -> ObserverType.PER_CHANNEL_MIN_MAX;
                            case PER_GROUP -> ObserverType.PER_GROUP_MIN_MAX;
                        })
                .symmetric(symmetric)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT)
                .chAxis(axis)
                .groupSize(groupSize)
                .isDynamic(false)
                .build();
    }

    private static Tensor random(Arena arena, Shape shape) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        Tensor x = Tensor.allocate(arena, StorageType.F32, shape);
        for (long i = 0; i < x.elements(); i++) {
            x.data().set(Tensor.FLOAT, i * Float.BYTES, (float) random.nextGaussian());
        }
        return x;
    }
}
