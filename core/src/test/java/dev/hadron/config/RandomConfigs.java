package dev.hadron.config;

import dev.hadron.dtype.Dtype;
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
