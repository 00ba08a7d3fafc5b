package dev.hadron.golden;

import dev.hadron.config.BFP16Spec;
import dev.hadron.config.Bfloat16Spec;
import dev.hadron.config.BlockSpec;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.FP8E4M3PerChannelSpec;
import dev.hadron.config.FP8E4M3PerGroupSpec;
import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.FP8E5M2PerChannelSpec;
import dev.hadron.config.FP8E5M2PerGroupSpec;
import dev.hadron.config.FP8E5M2PerTensorSpec;
import dev.hadron.config.Float16Spec;
import dev.hadron.config.Int4PerChannelSpec;
import dev.hadron.config.Int4PerGroupSpec;
import dev.hadron.config.Int4PerTensorSpec;
import dev.hadron.config.Int8PerChannelSpec;
import dev.hadron.config.Int8PerGroupSpec;
import dev.hadron.config.Int8PerTensorSpec;
import dev.hadron.config.MX6Spec;
import dev.hadron.config.MX9Spec;
import dev.hadron.config.MXSpec;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.PerChannelSpec;
import dev.hadron.config.PerGroupSpec;
import dev.hadron.config.PerTensorSpec;
import dev.hadron.config.Uint4PerChannelSpec;
import dev.hadron.config.Uint4PerGroupSpec;
import dev.hadron.config.Uint4PerTensorSpec;
import dev.hadron.config.Uint8PerChannelSpec;
import dev.hadron.config.Uint8PerGroupSpec;
import dev.hadron.config.Uint8PerTensorSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.ConfigException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Named specifications from their Python names and arguments. */
final class NamedSpecs {
    private static final Map<String, Function<JsonNode, DataTypeSpec>> CREATORS = Map.ofEntries(
            Map.entry("Uint4PerTensorSpec", args -> perTensor(Uint4PerTensorSpec.builder(), args)),
            Map.entry("Uint4PerChannelSpec", NamedSpecs::uint4PerChannel),
            Map.entry("Uint4PerGroupSpec", args -> perGroup(Uint4PerGroupSpec.builder(), args)),
            Map.entry("Int4PerTensorSpec", args -> perTensor(Int4PerTensorSpec.builder(), args)),
            Map.entry("Int4PerChannelSpec", args -> perChannel(Int4PerChannelSpec.builder(), args)),
            Map.entry("Int4PerGroupSpec", args -> perGroup(Int4PerGroupSpec.builder(), args)),
            Map.entry("Uint8PerTensorSpec", args -> perTensor(Uint8PerTensorSpec.builder(), args)),
            Map.entry("Uint8PerChannelSpec", args -> perChannel(Uint8PerChannelSpec.builder(), args)),
            Map.entry("Uint8PerGroupSpec", args -> perGroup(Uint8PerGroupSpec.builder(), args)),
            Map.entry("Int8PerTensorSpec", args -> perTensor(Int8PerTensorSpec.builder(), args)),
            Map.entry("Int8PerChannelSpec", args -> perChannel(Int8PerChannelSpec.builder(), args)),
            Map.entry("Int8PerGroupSpec", args -> perGroup(Int8PerGroupSpec.builder(), args)),
            Map.entry("FP8E4M3PerTensorSpec", args -> perTensor(FP8E4M3PerTensorSpec.builder(), args)),
            Map.entry("FP8E4M3PerChannelSpec", args -> perChannel(FP8E4M3PerChannelSpec.builder(), args)),
            Map.entry("FP8E4M3PerGroupSpec", args -> perGroup(FP8E4M3PerGroupSpec.builder(), args)),
            Map.entry("FP8E5M2PerTensorSpec", args -> perTensor(FP8E5M2PerTensorSpec.builder(), args)),
            Map.entry("FP8E5M2PerChannelSpec", args -> perChannel(FP8E5M2PerChannelSpec.builder(), args)),
            Map.entry("FP8E5M2PerGroupSpec", args -> perGroup(FP8E5M2PerGroupSpec.builder(), args)),
            Map.entry("Float16Spec", unused -> Float16Spec.of()),
            Map.entry("Bfloat16Spec", unused -> Bfloat16Spec.of()),
            Map.entry("MXSpec", NamedSpecs::mx),
            Map.entry("MX6Spec", args -> blocks(MX6Spec.builder(), args, MX6Spec.Builder::blockSize)),
            Map.entry("MX9Spec", args -> blocks(MX9Spec.builder(), args, MX9Spec.Builder::blockSize)),
            Map.entry("BFP16Spec", args -> blocks(BFP16Spec.builder(), args, (builder, size) -> {})));

    /** What strings named specifications take; the enums have no other constant that they could. */
    private static final Map<String, ObserverMethod> OBSERVERS = Arrays.stream(ObserverMethod.values())
            .collect(Collectors.toMap(ObserverMethod::wireName, Function.identity()));

    private static final Map<String, ScaleType> SCALES = Map.of("float", ScaleType.FLOAT, "power_of_2", ScaleType.POF2);
    private static final Map<String, RoundType> ROUNDINGS = Map.of(
            "round", RoundType.ROUND,
            "floor", RoundType.FLOOR,
            "half_even", RoundType.HALF_EVEN);

    private NamedSpecs() {}

    static boolean has(String name) {
        return CREATORS.containsKey(name);
    }

    /** The specification; empty where an argument is a string that no constant stands for. */
    static Optional<DataTypeSpec> create(String name, JsonNode args) {
        boolean sayable = isNullOr(OBSERVERS, args.path("observer_method"))
                && isNullOr(SCALES, args.path("scale_type"))
                && isNullOr(ROUNDINGS, args.path("round_method"));
        return sayable ? Optional.of(Objects.requireNonNull(CREATORS.get(name)).apply(args)) : Optional.empty();
    }

    private static boolean isNullOr(Map<String, ?> known, JsonNode value) {
        return !value.isString() || known.containsKey(value.stringValue());
    }

    private static DataTypeSpec uint4PerChannel(JsonNode args) {
        Uint4PerChannelSpec.Builder builder = Uint4PerChannelSpec.builder();
        if (args.has("zero_point_type") && args.get("zero_point_type").isString()) {
            String name = args.get("zero_point_type").stringValue();
            builder.zeroPointType(Arrays.stream(ZeroPointType.values())
                    .filter(type -> type.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException("zero_point_type is " + name)));
        }
        return builder.symmetric(NeutralForm.bool(args, "symmetric"))
                .scaleType(SCALES.get(args.path("scale_type").asString("")))
                .roundMethod(ROUNDINGS.get(args.path("round_method").asString("")))
                .chAxis(NeutralForm.integer(args, "ch_axis"))
                .isDynamic(NeutralForm.bool(args, "is_dynamic"))
                .build();
    }

    private static DataTypeSpec mx(JsonNode args) {
        MXSpec.Builder builder = MXSpec.builder();
        if (args.has("mx_element_dtype")) {
            builder.mxElementDtype(
                    Dtype.ofWireName(args.get("mx_element_dtype").asString("").toLowerCase(Locale.ROOT))
                            .orElseThrow(() -> new ConfigException("mx_element_dtype")));
        }
        return blocks(builder, args, MXSpec.Builder::blockSize);
    }

    private static <S extends BlockSpec, B extends BlockSpec.Settings<S, B>> S blocks(
            B builder, JsonNode args, BiConsumer<B, Integer> size) {
        if (args.path("ch_axis").isInt()) {
            builder.chAxis(args.get("ch_axis").intValue());
        }
        if (args.path("block_size").isInt()) {
            size.accept(builder, args.get("block_size").intValue());
        }
        if (args.has("is_dynamic")) {
            builder.isDynamic(NeutralForm.bool(args, "is_dynamic"));
        }
        return builder.build();
    }

    private static PerTensorSpec perTensor(PerTensorSpec.Builder<?> builder, JsonNode args) {
        return builder.observerMethod(OBSERVERS.get(args.path("observer_method").asString("")))
                .symmetric(NeutralForm.bool(args, "symmetric"))
                .scaleType(SCALES.get(args.path("scale_type").asString("")))
                .roundMethod(ROUNDINGS.get(args.path("round_method").asString("")))
                .isDynamic(NeutralForm.bool(args, "is_dynamic"))
                .build();
    }

    private static PerChannelSpec perChannel(PerChannelSpec.Builder<?> builder, JsonNode args) {
        return builder.symmetric(NeutralForm.bool(args, "symmetric"))
                .scaleType(SCALES.get(args.path("scale_type").asString("")))
                .roundMethod(ROUNDINGS.get(args.path("round_method").asString("")))
                .chAxis(NeutralForm.integer(args, "ch_axis"))
                .isDynamic(NeutralForm.bool(args, "is_dynamic"))
                .build();
    }

    private static PerGroupSpec perGroup(PerGroupSpec.Builder<?> builder, JsonNode args) {
        return builder.symmetric(NeutralForm.bool(args, "symmetric"))
                .scaleType(SCALES.get(args.path("scale_type").asString("")))
                .roundMethod(ROUNDINGS.get(args.path("round_method").asString("")))
                .chAxis(NeutralForm.integer(args, "ch_axis"))
                .isDynamic(NeutralForm.bool(args, "is_dynamic"))
                .groupSize(NeutralForm.integer(args, "group_size"))
                .build();
    }
}
