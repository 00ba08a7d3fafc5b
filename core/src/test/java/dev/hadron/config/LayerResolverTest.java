package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.LayerResolver.Resolved;
import dev.hadron.dtype.Dtype;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerResolverTest {
    private static final QuantizationSpec INT8 =
            QuantizationSpec.builder(Dtype.INT8).build();
    private static final QuantizationSpec UINT4 =
            QuantizationSpec.builder(Dtype.UINT4).build();
    private static final QuantizationSpec FP8 =
            QuantizationSpec.builder(Dtype.FP8_E4M3).build();

    @Test
    void aLayerThatNothingElseSpeaksOfGetsTheGlobalConfiguration() {
        Config config = Config.builder().globalQuantConfig(weight(INT8)).build();

        assertThat(resolve(config, "lm_head", LayerType.LINEAR))
                .contains(new Resolved("global_quant_config", weight(INT8)));
    }

    @Test
    void tablesNeverTakeTheGlobalConfiguration() {
        Config.Builder builder = Config.builder().globalQuantConfig(weight(INT8));

        assertThat(resolve(builder.build(), "embed", LayerType.EMBEDDING)).isEmpty();
        assertThat(resolve(builder.build(), "bag", LayerType.EMBEDDING_BAG)).isEmpty();

        builder.layerQuantConfig("embed", QuantizationConfig.NOTHING_SAID)
                .layerTypeQuantConfig("EmbeddingBag", weight(UINT4));

        assertThat(resolve(builder.build(), "embed", LayerType.EMBEDDING))
                .contains(new Resolved("layer_quant_config:embed", QuantizationConfig.NOTHING_SAID));
        assertThat(resolve(builder.build(), "bag", LayerType.EMBEDDING_BAG))
                .contains(new Resolved("layer_type_quant_config:EmbeddingBag", weight(UINT4)));
    }

    @Test
    void exclusionWinsOverEverything() {
        Config config = Config.builder()
                .globalQuantConfig(weight(INT8))
                .layerTypeQuantConfig("Linear", weight(INT8))
                .layerQuantConfig("lm_head", weight(INT8))
                .exclude("*_proj", "lm_*")
                .build();

        assertThat(resolve(config, "lm_head", LayerType.LINEAR)).isEmpty();
        assertThat(new LayerResolver(config).excludedBy("lm_head")).contains("lm_*");
        assertThat(new LayerResolver(config).excludedBy("head")).isEmpty();
    }

    @Test
    void theFirstPatternThatMatchesCounts() {
        Config config = Config.builder()
                .layerQuantConfig("*.q_proj", weight(UINT4))
                .layerQuantConfig("*", weight(INT8))
                .build();

        assertThat(resolve(config, "layers.0.q_proj", LayerType.LINEAR).map(Resolved::source))
                .contains("layer_quant_config:*.q_proj");
        assertThat(resolve(config, "layers.0.k_proj", LayerType.LINEAR).map(Resolved::source))
                .contains("layer_quant_config:*");
    }

    @Test
    void whatALevelDoesntSayIsDecidedByTheNextTensorByTensor() {
        Config config = Config.builder()
                .layerQuantConfig(
                        "q",
                        QuantizationConfig.builder()
                                .bias(TensorSetting.NOT_QUANTIZED)
                                .build())
                .layerTypeQuantConfig(
                        "Linear",
                        QuantizationConfig.builder().inputTensors(FP8).bias(FP8).build())
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(INT8)
                        .inputTensors(INT8)
                        .targetDevice(DeviceType.GPU)
                        .build())
                .build();

        QuantizationConfig resolved =
                resolve(config, "q", LayerType.LINEAR).orElseThrow().config();

        assertThat(resolved)
                .isEqualTo(QuantizationConfig.builder()
                        .weight(INT8)
                        .inputTensors(FP8)
                        .bias(TensorSetting.NOT_QUANTIZED)
                        .targetDevice(DeviceType.GPU)
                        .build());
        assertThat(resolved.outputTensors()).isNull();
    }

    @Test
    void theCachesTypeIsFoundByLayerName() {
        Config config = Config.builder()
                .kvCacheQuantConfig(
                        "*k_proj",
                        QuantizationConfig.builder().outputTensors(FP8).build())
                .build();

        assertThat(new LayerResolver(config).resolveCache("layers.3.k_proj").map(QuantizationConfig::outputTensors))
                .contains(FP8);
        assertThat(new LayerResolver(config).resolveCache("layers.3.q_proj")).isEmpty();
    }

    private static QuantizationConfig weight(QuantizationSpec spec) {
        return QuantizationConfig.builder().weight(spec).build();
    }

    private static Optional<Resolved> resolve(Config config, String layer, LayerType type) {
        return new LayerResolver(config).resolve(layer, type);
    }
}
