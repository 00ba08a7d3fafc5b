package dev.hadron.golden;

import dev.hadron.config.Config;
import dev.hadron.config.DeviceType;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationMode;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Configurations as they were recorded: every field of every object by its Python name, enums by constant. */
final class NeutralForm {
    private NeutralForm() {}

    /**
     * What a file that the reference wrote of this configuration says: {@code null} is "not quantized", and settings that the
     * file drops have their defaults.
     */
    static Config config(JsonNode node) {
        Config.Builder builder = Config.builder()
                .globalQuantConfig(layer(node.get("global_quant_config")))
                .quantMode(constant(QuantizationMode::valueOf, node, "quant_mode"));
        node.get("layer_type_quant_config")
                .forEachEntry((type, layer) -> builder.layerTypeQuantConfig(type, layer(layer)));
        node.get("layer_quant_config")
                .forEachEntry((pattern, layer) -> builder.layerQuantConfig(pattern, layer(layer)));
        node.get("exclude").forEach(pattern -> builder.exclude(pattern.stringValue()));
        return builder.build();
    }

    /** Every field of a specification, whose data type must be ours. */
    static QuantizationSpec spec(JsonNode node) {
        JsonNode observer = node.path("observer_cls");
        ZeroPointType zeroPointType = constant(ZeroPointType::valueOf, node, "zero_point_type");
        return QuantizationSpec.builder(constant(Dtype::valueOf, node, "dtype"))
                .observerCls(
                        observer.isString()
                                ? Arrays.stream(ObserverType.values())
                                        .filter(type -> type.wireName().equals(observer.stringValue()))
                                        .findFirst()
                                        .orElseThrow()
                                : null)
                .isDynamic(bool(node, "is_dynamic"))
                .qscheme(constant(QSchemeType::valueOf, node, "qscheme"))
                .chAxis(integer(node, "ch_axis"))
                .groupSize(integer(node, "group_size"))
                .symmetric(bool(node, "symmetric"))
                .roundMethod(constant(RoundType::valueOf, node, "round_method"))
                .scaleType(constant(ScaleType::valueOf, node, "scale_type"))
                .zeroPointType(Objects.requireNonNullElse(zeroPointType, ZeroPointType.INT32))
                .mxElementDtype(constant(Dtype::valueOf, node, "mx_element_dtype"))
                .build();
    }

    static boolean isOurs(JsonNode spec) {
        return Dtype.ofWireName(spec.path("dtype").asString("")).isPresent();
    }

    static @Nullable Boolean bool(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isBoolean() ? value.booleanValue() : null;
    }

    static @Nullable Integer integer(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isInt() ? value.intValue() : null;
    }

    private static QuantizationConfig layer(JsonNode node) {
        return QuantizationConfig.builder()
                .inputTensors(tensor(node.get("input_tensors")))
                .outputTensors(tensor(node.get("output_tensors")))
                .weight(tensor(node.get("weight")))
                .bias(tensor(node.get("bias")))
                .targetDevice(constant(DeviceType::valueOf, node, "target_device"))
                .build();
    }

    private static TensorSetting tensor(JsonNode node) {
        if (!isOurs(node)) {
            return TensorSetting.NOT_QUANTIZED;
        }
        return spec(node).toBuilder()
                .zeroPointType(ZeroPointType.INT32)
                .mxElementDtype(null)
                .build();
    }

    @SuppressWarnings("NullAway") // fields that can't be null are set in every recorded object
    private static <E> E constant(Function<String, E> valueOf, JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? valueOf.apply(value.stringValue().toUpperCase(Locale.ROOT)) : null;
    }
}
