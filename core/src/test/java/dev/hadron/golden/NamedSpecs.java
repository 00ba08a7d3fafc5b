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
import dev.hadron.config.ScaleSettings;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Named specifications from their Python names and arguments. */
final class NamedSpecs {
    /** What strings named specifications take; the enums have no other constant that they could. */
    private static final Map<String, ObserverMethod> OBSERVERS = Arrays.stream(ObserverMethod.values())
            .collect(Collectors.toMap(ObserverMethod::wireName, Function.identity()));

    private static final Map<String, ScaleType> SCALES = Map.of("float", ScaleType.FLOAT, "power_of_2", ScaleType.POF2);
    private static final Map<String, RoundType> ROUNDINGS = Map.of(
            "round", RoundType.ROUND,
            "floor", RoundType.FLOOR,
            "half_even", RoundType.HALF_EVEN);
    private static final Map<String, ZeroPointType> ZERO_POINTS =
            Map.of("int32", ZeroPointType.INT32, "float32", ZeroPointType.FLOAT32);

    /** Names of MX elements in lower case, under which they are read in any case. */
    private static final Map<String, Dtype> ELEMENTS =
            Arrays.stream(Dtype.values()).collect(Collectors.toMap(Dtype::wireName, Function.identity()));

    private static final Set<String> WITH_AXIS_BY_TYPE = Set.of("MXSpec", "MX6Spec", "MX9Spec", "BFP16Spec");

    private NamedSpecs() {}

    /** The specification; empty where an argument is a value that no constant, or no number, stands for. */
    static Optional<DataTypeSpec> create(String name, JsonNode args) {
        boolean sayable = isNullOr(OBSERVERS, args.path("observer_method"))
                && isNullOr(SCALES, args.path("scale_type"))
                && isNullOr(ROUNDINGS, args.path("round_method"))
                && isNullOr(ZERO_POINTS, args.path("zero_point_type"))
                && (!args.has("mx_element_dtype") || ELEMENTS.containsKey(element(args)))
                && !(WITH_AXIS_BY_TYPE.contains(name) && args.path("ch_axis").isNull());
        return sayable ? Optional.of(named(name, args)) : Optional.empty();
    }

    private static boolean isNullOr(Map<String, ?> known, JsonNode value) {
        return !value.isString() || known.containsKey(value.stringValue());
    }

    private static String element(JsonNode args) {
        return args.path("mx_element_dtype").asString("fp8_e4m3").toLowerCase(java.util.Locale.ROOT);
    }

    private static DataTypeSpec named(String name, JsonNode args) {
        return switch (name) {
            case "Uint4PerTensorSpec" -> perTensor(Uint4PerTensorSpec.builder(), args);
            case "Uint4PerGroupSpec" -> perGroup(Uint4PerGroupSpec.builder(), args);
            case "Int4PerTensorSpec" -> perTensor(Int4PerTensorSpec.builder(), args);
            case "Int4PerChannelSpec" -> perChannel(Int4PerChannelSpec.builder(), args);
            case "Int4PerGroupSpec" -> perGroup(Int4PerGroupSpec.builder(), args);
            case "Uint8PerTensorSpec" -> perTensor(Uint8PerTensorSpec.builder(), args);
            case "Uint8PerChannelSpec" -> perChannel(Uint8PerChannelSpec.builder(), args);
            case "Uint8PerGroupSpec" -> perGroup(Uint8PerGroupSpec.builder(), args);
            case "Int8PerTensorSpec" -> perTensor(Int8PerTensorSpec.builder(), args);
            case "Int8PerChannelSpec" -> perChannel(Int8PerChannelSpec.builder(), args);
            case "Int8PerGroupSpec" -> perGroup(Int8PerGroupSpec.builder(), args);
            case "FP8E4M3PerTensorSpec" -> perTensor(FP8E4M3PerTensorSpec.builder(), args);
            case "FP8E4M3PerChannelSpec" -> perChannel(FP8E4M3PerChannelSpec.builder(), args);
            case "FP8E4M3PerGroupSpec" -> perGroup(FP8E4M3PerGroupSpec.builder(), args);
            case "FP8E5M2PerTensorSpec" -> perTensor(FP8E5M2PerTensorSpec.builder(), args);
            case "FP8E5M2PerChannelSpec" -> perChannel(FP8E5M2PerChannelSpec.builder(), args);
            case "FP8E5M2PerGroupSpec" -> perGroup(FP8E5M2PerGroupSpec.builder(), args);
            case "Uint4PerChannelSpec" -> uint4PerChannel(args);
            case "Float16Spec" -> Float16Spec.of();
            case "Bfloat16Spec" -> Bfloat16Spec.of();
            case "MXSpec" -> {
                MXSpec.Builder builder = MXSpec.builder();
                if (args.has("mx_element_dtype")) {
                    builder.mxElementDtype(ELEMENTS.get(element(args)));
                }
                if (args.has("block_size")) {
                    builder.blockSize(args.get("block_size").intValue());
                }
                yield blocks(builder, args);
            }
            case "MX6Spec" -> {
                MX6Spec.Builder builder = MX6Spec.builder();
                if (args.has("block_size")) {
                    builder.blockSize(args.get("block_size").intValue());
                }
                yield blocks(builder, args);
            }
            case "MX9Spec" -> {
                MX9Spec.Builder builder = MX9Spec.builder();
                if (args.has("block_size")) {
                    builder.blockSize(args.get("block_size").intValue());
                }
                yield blocks(builder, args);
            }
            case "BFP16Spec" -> blocks(BFP16Spec.builder(), args);
            default -> throw new AssertionError("unknown class " + name);
        };
    }

    private static DataTypeSpec uint4PerChannel(JsonNode args) {
        Uint4PerChannelSpec.Builder builder =
                scaled(Uint4PerChannelSpec.builder(), args).chAxis(NeutralForm.integer(args, "ch_axis"));
        if (args.path("zero_point_type").isString()) {
            builder.zeroPointType(ZERO_POINTS.get(args.get("zero_point_type").stringValue()));
        }
        return builder.build();
    }

    private static DataTypeSpec perTensor(PerTensorSpec.Builder<?> builder, JsonNode args) {
        return scaled(builder, args)
                .observerMethod(OBSERVERS.get(args.path("observer_method").asString("")))
                .build();
    }

    private static DataTypeSpec perChannel(PerChannelSpec.Builder<?> builder, JsonNode args) {
        return scaled(builder, args)
                .chAxis(NeutralForm.integer(args, "ch_axis"))
                .build();
    }

    private static DataTypeSpec perGroup(PerGroupSpec.Builder<?> builder, JsonNode args) {
        return scaled(builder, args)
                .chAxis(NeutralForm.integer(args, "ch_axis"))
                .groupSize(NeutralForm.integer(args, "group_size"))
                .build();
    }

    private static <B extends ScaleSettings<?, B>> B scaled(B builder, JsonNode args) {
        return builder.symmetric(NeutralForm.bool(args, "symmetric"))
                .scaleType(SCALES.get(args.path("scale_type").asString("")))
                .roundMethod(ROUNDINGS.get(args.path("round_method").asString("")))
                .isDynamic(NeutralForm.bool(args, "is_dynamic"));
    }

    private static <S extends BlockSpec, B extends BlockSpec.Settings<S, B>> S blocks(B builder, JsonNode args) {
        if (args.has("ch_axis")) {
            builder.chAxis(args.get("ch_axis").intValue());
        }
        if (args.has("is_dynamic")) {
            builder.isDynamic(NeutralForm.bool(args, "is_dynamic"));
        }
        return builder.build();
    }
}
