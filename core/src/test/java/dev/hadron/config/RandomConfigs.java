package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
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
    private final RandomAlgorithms algorithms;

    RandomConfigs(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        algorithms = new RandomAlgorithms(random);
    }

    Config next() {
        Config.Builder builder = Config.builder()
                .globalQuantConfig(layer())
                .quantMode(one(QuantizationMode.values()))
                .algoConfig(random.nextBoolean() ? null : algorithms.algorithm())
                .logSeverityLevel(random.nextInt(5));
        for (int i = random.nextInt(3); i > 0; i--) {
            builder.addPreOptimizationConfig(algorithms.optimization());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.layerTypeQuantConfig(one(LayerType.values()).wireName(), layer());
            builder.layerQuantConfig(text(), layer());
            builder.kvCacheQuantConfig(text(), layer());
            builder.exclude(text());
        }
        return builder.build();
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
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> TensorSetting.NOT_QUANTIZED;
            case 2 -> named();
            default -> spec();
        };
    }

    /** Every named specification once in a while. */
    private QuantizationSpec named() {
        Boolean dynamic = oneOrNull(new Boolean[] {true, false});
        int axis = random.nextInt(-2, 3);
        int size = random.nextInt(1, 100);
        return switch (random.nextInt(9)) {
            case 0 -> Float16Spec.of().toQuantizationSpec();
            case 1 -> Bfloat16Spec.of().toQuantizationSpec();
            case 2 -> new MX6Spec(axis, size, dynamic).toQuantizationSpec();
            case 3 -> new MX9Spec(axis, size, dynamic).toQuantizationSpec();
            case 4 -> new BFP16Spec(dynamic, axis).toQuantizationSpec();
            case 5 -> new NVFP4Spec(dynamic).toQuantizationSpec();
            case 6 ->
                new MXSpec(one(Dtype.values()), axis, size, dynamic, oneOrNull(MxScaleMode.values()))
                        .toQuantizationSpec();
            case 7 ->
                new FP8E5M2PerTensorSpec(oneOrNull(ObserverMethod.values()), null, null, null, dynamic)
                        .toQuantizationSpec();
            default ->
                new Uint4PerChannelSpec(null, null, null, axis, dynamic, one(ZeroPointType.values()))
                        .toQuantizationSpec();
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
                .qatSpec(random.nextBoolean() ? null : new TQTSpec(oneOrNull(TQTThresholdInitMeth.values())))
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
