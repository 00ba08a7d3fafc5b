package dev.hadron.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Config;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.Int8PerChannelSpec;
import dev.hadron.config.LayerType;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationMode;
import dev.hadron.config.TensorSetting;
import dev.hadron.config.Uint4PerGroupSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers;
import dev.hadron.model.ModelLayers.ModelLayer;
import dev.hadron.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuantizationPlanTest {
    private static final ModelLayers MODEL = model(false);

    @Test
    void eachLinearLayerGetsTheGlobalConfiguration() {
        Config config = config(int8()).exclude("lm_head").build();

        QuantizationPlan plan = QuantizationPlan.of(config, MODEL);

        assertThat(plan.layers())
                .extracting(LayerPlan::layer)
                .containsExactly("m.0.q_proj", "m.0.k_proj", "m.0.down_proj");
        assertThat(plan.layers()).allSatisfy(layer -> {
            assertThat(layer.weight().orElseThrow().dtype()).isEqualTo(Dtype.INT8);
            assertThat(layer.rules()).containsEntry(TensorRole.WEIGHT, "global_quant_config");
        });
        assertThat(plan.kept()).containsOnlyKeys("m.embed_tokens", "lm_head");
        assertThat(plan.kept()).containsEntry("lm_head", "excluded by lm_head");
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.needsCalibration()).isFalse();
    }

    @Test
    void aTiedOutputMatrixStaysWhateverIsSaid() {
        Config config = config(int8())
                .layerQuantConfig(
                        "lm_head", QuantizationConfig.builder().weight(int8()).build())
                .build();

        QuantizationPlan plan = QuantizationPlan.of(config, model(true));

        assertThat(plan.kept()).containsEntry("lm_head", "tied to the embedding table");
    }

    @Test
    void anEmbeddingIsQuantizedWhenItIsNamedAndNotOtherwise() {
        Config config = config(int8())
                .layerTypeQuantConfig(
                        "Embedding", QuantizationConfig.builder().weight(int8()).build())
                .build();

        QuantizationPlan plan = QuantizationPlan.of(config, MODEL, ExportLayout.HADRON);

        assertThat(plan.layers())
                .filteredOn(layer -> layer.type() == LayerType.EMBEDDING)
                .extracting(LayerPlan::layer)
                .containsExactly("m.embed_tokens");
        assertThat(QuantizationPlan.of(config(int8()).build(), MODEL).layers())
                .noneMatch(layer -> layer.type() == LayerType.EMBEDDING);
    }

    @Test
    void notQuantizedOverridesTheNextLevel() {
        Config config = config(int8())
                .layerQuantConfig(
                        "*down_proj",
                        QuantizationConfig.builder()
                                .weight(TensorSetting.NOT_QUANTIZED)
                                .build())
                .build();

        QuantizationPlan plan = QuantizationPlan.of(config, MODEL);

        assertThat(plan.kept()).containsEntry("m.0.down_proj", "its configuration quantizes nothing");
    }

    @Test
    void aGroupThatDoesNotDivideNamesLayerAndNumbers() {
        assertThatThrownBy(() -> QuantizationPlan.of(config(uint4(96)).build(), MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("m.0.q_proj")
                .hasMessageContaining("96")
                .hasMessageContaining("128");
    }

    @Test
    void aWeightWithDynamicScalesIsRefused() {
        DataTypeSpec dynamic = fp8(true);

        assertThatThrownBy(() -> QuantizationPlan.of(config(dynamic).build(), MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is_dynamic of the weight of layer m.0.q_proj");
    }

    @Test
    void aSettingThatIsMissingIsNamedWithItsLayer() {
        DataTypeSpec open =
                Int8PerChannelSpec.builder().isDynamic(false).chAxis(0).build();

        assertThatThrownBy(() -> QuantizationPlan.of(config(open).build(), MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("symmetric of the weight of layer m.0.q_proj");
    }

    @Test
    void theCachesTypeIsTheOutputOfTheKeys() {
        Config config = config(int8())
                .kvCacheQuantConfig(
                        "*k_proj",
                        QuantizationConfig.builder().outputTensors(fp8(false)).build())
                .build();

        QuantizationPlan plan = QuantizationPlan.of(config, MODEL);

        LayerPlan key = plan.ofTensor("m.0.k_proj.weight").orElseThrow();
        assertThat(key.output().orElseThrow().dtype()).isEqualTo(Dtype.FP8_E4M3);
        assertThat(key.weight().orElseThrow().dtype()).isEqualTo(Dtype.INT8);
        assertThat(plan.ofTensor("m.0.q_proj.weight").orElseThrow().output()).isEmpty();
        assertThat(plan.needsCalibration()).isTrue();
    }

    @Test
    void patternsWithoutLayersAndSplitFusedLayersAreWarnedOf() {
        Config config = config(int8())
                .exclude("m.0.k_prj")
                .layerQuantConfig(
                        "*q_proj",
                        QuantizationConfig.builder().weight(uint4(32)).build())
                .build();

        QuantizationPlan plan = QuantizationPlan.of(config, MODEL);

        assertThat(plan.warnings())
                .anySatisfy(w -> assertThat(w).contains("m.0.k_prj").contains("nearest name is m.0.k_proj"))
                .anySatisfy(w ->
                        assertThat(w).contains("q_proj, k_proj, v_proj of m.0").contains("different schemes"));
    }

    @Test
    void aPlanThatQuantizesNothingIsRefused() {
        assertThatThrownBy(() -> QuantizationPlan.of(config(int8()).exclude("*").build(), MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none of the model's 5 layers");
    }

    @Test
    void graphModeAndBiasesAreRefused() {
        assertThatThrownBy(() -> QuantizationPlan.of(
                        config(int8()).quantMode(QuantizationMode.FX_GRAPH_MODE).build(), MODEL))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("fx_graph_mode");
        Config bias = Config.builder()
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(int8())
                        .bias(fp8(false))
                        .build())
                .build();
        assertThatThrownBy(() -> QuantizationPlan.of(bias, MODEL))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("bias of layer m.0.q_proj");
    }

    @Test
    void eachTensorNamesTheRuleThatDecidedIt() {
        Config config = Config.builder()
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(int8())
                        .inputTensors(fp8(true))
                        .build())
                .layerTypeQuantConfig(
                        "Linear",
                        QuantizationConfig.builder().inputTensors(fp8(false)).build())
                .layerQuantConfig(
                        "*k_proj",
                        QuantizationConfig.builder().weight(uint4(32)).build())
                .kvCacheQuantConfig(
                        "*.k_proj",
                        QuantizationConfig.builder().outputTensors(fp8(false)).build())
                .build();

        LayerPlan key =
                QuantizationPlan.of(config, MODEL).ofTensor("m.0.k_proj.weight").orElseThrow();

        assertThat(key.rules())
                .containsEntry(TensorRole.WEIGHT, "layer_quant_config:*k_proj")
                .containsEntry(TensorRole.INPUT, "layer_type_quant_config:Linear")
                .containsEntry(TensorRole.OUTPUT, "kv_cache_quant_config:*.k_proj")
                .doesNotContainKey(TensorRole.BIAS);
    }

    @Test
    void allProblemsAreToldAtOnceAndTheSameOneOnce() {
        Config config = config(uint4(96))
                .layerQuantConfig(
                        "*k_proj",
                        QuantizationConfig.builder().weight(fp8(true)).build())
                .build();

        assertThatThrownBy(() -> QuantizationPlan.of(config, MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("layer m.0.q_proj: group_size 96")
                .hasMessageContaining("(and 2 more layers like it)")
                .hasMessageContaining("; also, is_dynamic of the weight of layer m.0.k_proj");
    }

    @Test
    void aTableIsHeldByTheLayoutThatCanAndElseRefusedNamingIt() {
        Config config = config(int8())
                .layerQuantConfig(
                        "*embed*", QuantizationConfig.builder().weight(int8()).build())
                .build();

        assertThatThrownBy(() -> QuantizationPlan.of(config, MODEL, ExportLayout.QUARK))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("m.embed_tokens")
                .hasMessageContaining("or take the layout hadron, which can");
        QuantizationPlan plan = QuantizationPlan.of(config, model(true), ExportLayout.HADRON);
        assertThat(plan.ofTensor("m.embed_tokens.weight").orElseThrow().type()).isEqualTo(LayerType.EMBEDDING);
        assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).contains("m.embed_tokens is the output matrix too"));
    }

    @Test
    void theInputOfATableIsRefused() {
        Config config = config(int8())
                .layerTypeQuantConfig(
                        "Embedding",
                        QuantizationConfig.builder()
                                .weight(int8())
                                .inputTensors(fp8(true))
                                .build())
                .build();

        assertThatThrownBy(() -> QuantizationPlan.of(config, MODEL, ExportLayout.HADRON))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("only the weight can be quantized");
    }

    @Test
    void aConvolutionStaysUnlessItIsNamed() {
        ModelLayers vision = new ModelLayers(
                List.of(
                        layer("m.0.q_proj"),
                        new ModelLayer(
                                "patch",
                                LayerType.CONV2D,
                                new TensorInfo(
                                        "patch.weight", StorageType.BF16, Shape.of(8, 3, 2, 2), Path.of("x"), 0))),
                false,
                Map.of(),
                List.of());
        Config named = config(int8())
                .layerTypeQuantConfig(
                        "Conv2d", QuantizationConfig.builder().weight(int8()).build())
                .build();

        assertThat(QuantizationPlan.of(config(int8()).build(), vision).kept())
                .containsEntry("patch", "a convolution, which can't be quantized yet");
        assertThatThrownBy(() -> QuantizationPlan.of(named, vision))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("layer patch is of type Conv2d");
    }

    @Test
    void typesThatAreNotThereAndRoutersThatAreQuantizedAreWarnedOf() {
        ModelLayers mixture = new ModelLayers(
                List.of(layer("m.0.q_proj"), layer("m.0.mlp.gate"), layer("m.1.mlp.gate")), false, Map.of(), List.of());
        Config config = config(int8())
                .layerTypeQuantConfig(
                        "ConvTranspose2d",
                        QuantizationConfig.builder().weight(int8()).build())
                .build();

        assertThat(QuantizationPlan.of(config, mixture).warnings())
                .anySatisfy(w -> assertThat(w).contains("ConvTranspose2d", "no layer of that type"))
                .anySatisfy(w -> assertThat(w).contains("m.{0,1}.mlp.gate chooses among experts"));
    }

    private static Config.Builder config(DataTypeSpec weight) {
        return Config.builder()
                .globalQuantConfig(QuantizationConfig.builder().weight(weight).build());
    }

    private static DataTypeSpec int8() {
        return Int8PerChannelSpec.builder()
                .symmetric(true)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .chAxis(0)
                .isDynamic(false)
                .build();
    }

    private static DataTypeSpec uint4(int groupSize) {
        return Uint4PerGroupSpec.builder()
                .symmetric(false)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .chAxis(-1)
                .isDynamic(false)
                .groupSize(groupSize)
                .build();
    }

    private static DataTypeSpec fp8(boolean dynamic) {
        return FP8E4M3PerTensorSpec.builder()
                .observerMethod(ObserverMethod.MIN_MAX)
                .isDynamic(dynamic)
                .build();
    }

    private static ModelLayers model(boolean tied) {
        return new ModelLayers(
                Stream.of("m.embed_tokens", "m.0.q_proj", "m.0.k_proj", "m.0.down_proj", "lm_head")
                        .map(QuantizationPlanTest::layer)
                        .toList(),
                tied,
                Map.of(),
                List.of());
    }

    private static ModelLayer layer(String name) {
        return new ModelLayer(
                name,
                name.endsWith("embed_tokens") ? LayerType.EMBEDDING : LayerType.LINEAR,
                new TensorInfo(name + ".weight", StorageType.BF16, Shape.of(64, 128), Path.of("x"), 0));
    }
}
