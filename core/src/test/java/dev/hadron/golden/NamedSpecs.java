package dev.hadron.golden;

import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.Int8PerChannelSpec;
import dev.hadron.config.Int8PerTensorSpec;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.PerChannelSpec;
import dev.hadron.config.PerGroupSpec;
import dev.hadron.config.PerTensorSpec;
import dev.hadron.config.Uint4PerGroupSpec;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Named specifications from their Python names and arguments. */
final class NamedSpecs {
    private static final Map<String, Function<JsonNode, DataTypeSpec>> CREATORS = Map.of(
            "Int8PerTensorSpec", args -> perTensor(Int8PerTensorSpec.builder(), args),
            "Int8PerChannelSpec", args -> perChannel(Int8PerChannelSpec.builder(), args),
            "Uint4PerGroupSpec", args -> perGroup(Uint4PerGroupSpec.builder(), args),
            "FP8E4M3PerTensorSpec", args -> perTensor(FP8E4M3PerTensorSpec.builder(), args));

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
