package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Configurations with every setting at random, among them such as make no sense together. */
final class RandomConfigs {
    private static final String[] TEXTS = {
        "lm_head",
        "*.q_proj",
        "model.layers.[0-3].*",
        "a \"quoted\" name",
        "back\\slash",
        "",
        "line\nbreak",
        "größe",
        "日本",
        "😀"
    };

    private final RandomGenerator random;

    RandomConfigs(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    Config next() {
        Config.Builder builder = Config.builder()
                .globalQuantConfig(layer())
                .quantMode(one(QuantizationMode.values()))
                .logSeverityLevel(random.nextInt(5));
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.layerTypeQuantConfig(one(LayerType.values()).wireName(), layer());
            builder.layerQuantConfig(text(), layer());
            builder.kvCacheQuantConfig(text(), layer());
            builder.exclude(text());
        }
        builder.algoConfig(algorithm());
        for (int i = random.nextInt(3); i > 0; i--) {
            builder.addPreOptimizationConfig(preOptimization());
        }
        return builder.build();
    }

    private @Nullable AlgoConfig algorithm() {
        return switch (random.nextInt(4)) {
            case 0 ->
                AWQConfig.builder()
                        .scalingLayers(scalingLayers())
                        .modelDecoderLayers(text())
                        .numAttentionHeads(one(new Integer[] {-1, 8}))
                        .numKeyValueHeads(one(new Integer[] {-1, 2}))
                        .build();
            case 1 ->
                GPTQConfig.builder()
                        .dampPercent(random.nextDouble(0.001, 1))
                        .descAct(random.nextBoolean())
                        .staticGroups(random.nextBoolean())
                        .trueSequential(random.nextBoolean())
                        .insideLayerModules(List.of(text(), text()))
                        .modelDecoderLayers(text())
                        .build();
            case 2 ->
                AutoSmoothQuantConfig.builder()
                        .scalingLayers(random.nextBoolean() ? null : scalingLayers())
                        .computeScaleLoss(one(ScaleLoss.values()))
                        .modelDecoderLayers(random.nextBoolean() ? null : text())
                        .numAttentionHeads(one(new Integer[] {-1, 8}))
                        .build();
            default -> null;
        };
    }

    private PreQuantOptConfig preOptimization() {
        return switch (random.nextInt(3)) {
            case 0 ->
                SmoothQuantConfig.builder()
                        .alpha(random.nextDouble())
                        .scaleClampMin(random.nextDouble(1e-9, 1))
                        .scalingLayers(scalingLayers())
                        .modelDecoderLayers(text())
                        .numKeyValueHeads(one(new Integer[] {-1, 2}))
                        .build();
            case 1 ->
                RotationConfig.builder()
                        .random(random.nextBoolean())
                        .scalingLayers(scalingLayers())
                        .build();
            default ->
                QuaRotConfig.builder()
                        .random(random.nextBoolean())
                        .scalingLayers(scalingLayers())
                        .random2(random.nextBoolean())
                        .onlineHad(random.nextBoolean())
                        .optimizedRotationPath(random.nextBoolean() ? null : text())
                        .kvCacheQuant(random.nextBoolean())
                        .actQuant(random.nextBoolean())
                        .backbone(text())
                        .modelDecoderLayers(text())
                        .vProj(text())
                        .oProj(text())
                        .selfAttn(text())
                        .mlp(text())
                        .build();
        };
    }

    private List<ScalingLayer> scalingLayers() {
        return switch (random.nextInt(3)) {
            case 0 -> List.of();
            case 1 ->
                List.of(ScalingLayer.smoothing(
                        text(),
                        List.of(text(), text()),
                        random.nextBoolean() ? null : text(),
                        random.nextBoolean() ? null : text()));
            default ->
                List.of(
                        ScalingLayer.rotation(List.of(text()), text(), List.of(text())),
                        new ScalingLayer(null, null, null, null, List.of(), text(), null, "middle_layers"));
        };
    }

    private QuantizationConfig layer() {
        return QuantizationConfig.builder()
                .inputTensors(tensor())
                .outputTensors(tensor())
                .weight(tensor())
                .bias(tensor())
                .targetDevice(oneOrNull(DeviceType.values()))
                .build();
    }

    private @Nullable TensorSetting tensor() {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> TensorSetting.NOT_QUANTIZED;
            default -> spec();
        };
    }

    private QuantizationSpec spec() {
        return QuantizationSpec.builder(one(Dtype.values()))
                .observerCls(oneOrNull(ObserverType.values()))
                .isDynamic(oneOrNull(new Boolean[] {true, false}))
                .qscheme(oneOrNull(QSchemeType.values()))
                .chAxis(oneOrNull(new Integer[] {-2, -1, 0, 1, 7}))
                .groupSize(oneOrNull(new Integer[] {-1, 1, 32, 128, Integer.MAX_VALUE}))
                .symmetric(oneOrNull(new Boolean[] {true, false}))
                .roundMethod(oneOrNull(RoundType.values()))
                .scaleType(oneOrNull(ScaleType.values()))
                .zeroPointType(one(ZeroPointType.values()))
                .mxElementDtype(oneOrNull(Dtype.values()))
                .scaleCalculationMode(oneOrNull(MxScaleMode.values()))
                .qatSpec(random.nextInt(5) == 0 ? new TQTSpec(oneOrNull(TQTThresholdInitMethod.values())) : null)
                .build();
    }

    private String text() {
        return one(TEXTS) + (random.nextBoolean() ? random.nextInt(20) : "");
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> @Nullable T oneOrNull(T[] values) {
        return random.nextInt(4) == 0 ? null : one(values);
    }
}
