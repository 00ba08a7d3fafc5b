package dev.hadron.pipeline;

import dev.hadron.config.Config;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.Int8PerChannelSpec;
import dev.hadron.config.Int8PerTensorSpec;
import dev.hadron.config.Nearest;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.Uint4PerGroupSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.ConfigException;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers;
import java.util.Arrays;
import java.util.List;

/**
 * Named presets. Each leaves the output matrix and the routers of a mixture of experts alone, whose few weights cost much quality.
 */
public enum Scheme {
    /** 4-bit weights. */
    UINT4_G128("uint4-g128", "4-bit weights in groups of 128", weights(uint4(128)), Consumers.TRANSFORMERS),
    /** 4-bit weights in small groups. */
    UINT4_G32("uint4-g32", "4-bit weights in groups of 32", weights(uint4(32)), Consumers.TRANSFORMERS),
    /** 8-bit weights. */
    INT8("int8", "8-bit integer weights, a scale per channel", weights(int8Channels()), Consumers.TRANSFORMERS),
    /** 8-bit weights and activations. */
    W8A8(
            "w8a8",
            "8-bit integer weights, a scale per channel, and inputs with calibrated scales",
            weightsAndInputs(int8Channels(), int8Tensor(false)),
            Consumers.TRANSFORMERS,
            Consumers.VLLM),
    /** 8-bit weights and activations without calibration. */
    W8A8_DYNAMIC(
            "w8a8-dynamic",
            "8-bit integer weights, a scale per channel, and inputs that find their own scale",
            weightsAndInputs(int8Channels(), int8Tensor(true)),
            Consumers.TRANSFORMERS),
    /** FP8 weights. */
    FP8_WEIGHT("fp8-weight", "FP8 (E4M3) weights, a scale per tensor", weights(fp8(false)), Consumers.TRANSFORMERS),
    /** FP8 weights and activations. */
    FP8(
            "fp8",
            "FP8 (E4M3) weights and inputs with calibrated scales",
            weightsAndInputs(fp8(false), fp8(false)),
            Consumers.TRANSFORMERS,
            Consumers.VLLM),
    /** FP8 weights and activations without calibration. */
    FP8_DYNAMIC(
            "fp8-dynamic",
            "FP8 (E4M3) weights, and inputs that find their own scale",
            weightsAndInputs(fp8(false), fp8(true)),
            Consumers.TRANSFORMERS,
            Consumers.VLLM),
    /** FP8 weights, activations and cache. */
    FP8_KV8(
            "fp8-kv8",
            "FP8 (E4M3) weights, inputs and KV cache with calibrated scales",
            withCache(),
            Consumers.TRANSFORMERS,
            Consumers.VLLM),
    /** 4-bit floating-point weights. */
    MXFP4(
            "mxfp4",
            "OCP MXFP4 weights: 4-bit floating point in blocks of 32",
            weights(Specs.mx(Dtype.FP4)),
            Consumers.TRANSFORMERS),
    /** 4-bit floating-point weights and activations. */
    MXFP4_A4(
            "mxfp4-a4",
            "OCP MXFP4 weights and inputs",
            weightsAndInputs(Specs.mx(Dtype.FP4), Specs.mx(Dtype.FP4)),
            Consumers.TRANSFORMERS),
    /** 6-bit floating-point weights with more range. */
    MXFP6_E3M2(
            "mxfp6-e3m2",
            "OCP MXFP6 (E3M2) weights in blocks of 32",
            weights(Specs.mx(Dtype.FP6_E3M2)),
            Consumers.TRANSFORMERS),
    /** 6-bit floating-point weights with more precision. */
    MXFP6_E2M3(
            "mxfp6-e2m3",
            "OCP MXFP6 (E2M3) weights in blocks of 32",
            weights(Specs.mx(Dtype.FP6_E2M3)),
            Consumers.TRANSFORMERS),
    /** 8-bit floating-point blocks. */
    MXFP8(
            "mxfp8",
            "OCP MXFP8 (E4M3) weights and inputs in blocks of 32",
            weightsAndInputs(Specs.mx(Dtype.FP8_E4M3), Specs.mx(Dtype.FP8_E4M3))),
    /** 8-bit integer blocks. */
    MXINT8(
            "mxint8",
            "OCP MXINT8 weights and inputs in blocks of 32",
            weightsAndInputs(Specs.mx(Dtype.INT8), Specs.mx(Dtype.INT8))),
    /** 4-bit floating point under two scales. */
    NVFP4(
            "nvfp4",
            "NVFP4 weights and inputs: 4-bit floating point in blocks of 16",
            weightsAndInputs(Specs.blocks(Dtype.NVFP4, 16), Specs.blocks(Dtype.NVFP4, 16))),
    /** 6 bits with shared exponents. */
    MX6(
            "mx6",
            "MX6 weights and inputs in blocks of 32",
            weightsAndInputs(Specs.blocks(Dtype.MX6, 32), Specs.blocks(Dtype.MX6, 32))),
    /** 9 bits with shared exponents. */
    MX9(
            "mx9",
            "MX9 weights and inputs in blocks of 32",
            weightsAndInputs(Specs.blocks(Dtype.MX9, 32), Specs.blocks(Dtype.MX9, 32))),
    /** 8-bit integers with a shared exponent. */
    BFP16("bfp16", "BFP16 weights and inputs in blocks of 8", weightsAndInputs(Specs.bfp16(), Specs.bfp16())),
    /** 3-bit weights. */
    UINT3_G32("uint3-g32", "3-bit weights in groups of 32", weights(Specs.group(Dtype.UINT3, 32))),
    /** 2-bit weights. */
    UINT2_G32("uint2-g32", "2-bit weights in groups of 32", weights(Specs.group(Dtype.UINT2, 32)));

    /** Names of programs; an enum's constants can't see its own static fields. */
    private static final class Consumers {
        static final String TRANSFORMERS = "transformers (with amd-quark)";
        static final String VLLM = "vllm";
    }

    /** Specifications without a class of their own, or with settings beyond it. */
    private static final class Specs {
        static QuantizationSpec mx(Dtype element) {
            return blocks(Dtype.MX, 32).toBuilder()
                    .mxElementDtype(element)
                    .scaleCalculationMode(MxScaleMode.EVEN)
                    .build();
        }

        static QuantizationSpec bfp16() {
            return blocks(Dtype.BFP16, 8).toBuilder()
                    .observerCls(ObserverType.PER_BLOCK_BFP)
                    .build();
        }

        static QuantizationSpec blocks(Dtype dtype, int size) {
            return QuantizationSpec.builder(dtype)
                    .observerCls(ObserverType.PER_BLOCK_MX)
                    .qscheme(QSchemeType.PER_GROUP)
                    .roundMethod(RoundType.HALF_EVEN)
                    .isDynamic(true)
                    .chAxis(-1)
                    .groupSize(size)
                    .build();
        }

        static QuantizationSpec group(Dtype dtype, int size) {
            return QuantizationSpec.builder(dtype)
                    .observerCls(ObserverType.PER_GROUP_MIN_MAX)
                    .qscheme(QSchemeType.PER_GROUP)
                    .symmetric(false)
                    .scaleType(ScaleType.FLOAT)
                    .roundMethod(RoundType.HALF_EVEN)
                    .isDynamic(false)
                    .chAxis(-1)
                    .groupSize(size)
                    .build();
        }
    }

    private final String wireName;
    private final String summary;
    private final Config config;
    private final List<String> consumers;

    Scheme(String wireName, String summary, Config.Builder config, String... consumers) {
        this.wireName = wireName;
        this.summary = summary;
        this.config = config.build();
        this.consumers = List.of(consumers);
    }

    /** The name on the command line. */
    public String wireName() {
        return wireName;
    }

    /** What it is, in a few words. */
    public String summary() {
        return summary;
    }

    /** The configuration that it stands for. */
    public Config config() {
        return config.toBuilder()
                .exclude(ModelLayers.HEAD)
                .exclude(ModelLayers.ROUTER_PATTERNS)
                .build();
    }

    /** The layouts that can hold it, the usual one first. */
    public List<ExportLayout> layouts() {
        return consumers.isEmpty() ? List.of(ExportLayout.HADRON) : List.of(ExportLayout.QUARK, ExportLayout.HADRON);
    }

    /** The programs that load it from this layout unchanged, besides Hadron. */
    public List<String> consumers(ExportLayout layout) {
        return switch (layout) {
            case QUARK -> consumers;
            case HADRON -> List.of();
        };
    }

    /** Whether scales of activations are found in calibration. */
    public boolean needsCalibration() {
        return this == W8A8 || this == FP8 || this == FP8_KV8;
    }

    /**
     * The scheme of this name.
     *
     * @throws ConfigException naming the nearest
     */
    public static Scheme named(String name) {
        List<String> names = Arrays.stream(values()).map(Scheme::wireName).toList();
        return Arrays.stream(values())
                .filter(scheme -> scheme.wireName.equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no scheme \"" + name + "\"; the nearest is \""
                        + Nearest.of(name, names) + "\", and all are " + String.join(", ", names)));
    }

    private static Config.Builder weights(DataTypeSpec weight) {
        return weights(weight.toQuantizationSpec());
    }

    private static Config.Builder weightsAndInputs(DataTypeSpec weight, DataTypeSpec input) {
        return weightsAndInputs(weight.toQuantizationSpec(), input.toQuantizationSpec());
    }

    private static Config.Builder weights(QuantizationSpec weight) {
        return Config.builder()
                .globalQuantConfig(QuantizationConfig.builder().weight(weight).build());
    }

    private static Config.Builder weightsAndInputs(QuantizationSpec weight, QuantizationSpec input) {
        return Config.builder()
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(weight)
                        .inputTensors(input)
                        .build());
    }

    private static Config.Builder withCache() {
        QuantizationConfig cache = QuantizationConfig.builder()
                .weight(fp8(false))
                .inputTensors(fp8(false))
                .outputTensors(fp8(false))
                .build();
        return weightsAndInputs(fp8(false), fp8(false))
                .kvCacheQuantConfig("*k_proj", cache)
                .kvCacheQuantConfig("*v_proj", cache);
    }

    private static Uint4PerGroupSpec uint4(int groupSize) {
        return Uint4PerGroupSpec.builder()
                .symmetric(false)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .chAxis(-1)
                .isDynamic(false)
                .groupSize(groupSize)
                .build();
    }

    private static Int8PerChannelSpec int8Channels() {
        return Int8PerChannelSpec.builder()
                .symmetric(true)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .chAxis(0)
                .isDynamic(false)
                .build();
    }

    private static Int8PerTensorSpec int8Tensor(boolean dynamic) {
        return Int8PerTensorSpec.builder()
                .observerMethod(ObserverMethod.MIN_MAX)
                .symmetric(true)
                .scaleType(ScaleType.FLOAT)
                .roundMethod(RoundType.HALF_EVEN)
                .isDynamic(dynamic)
                .build();
    }

    private static FP8E4M3PerTensorSpec fp8(boolean dynamic) {
        return FP8E4M3PerTensorSpec.builder()
                .observerMethod(ObserverMethod.MIN_MAX)
                .isDynamic(dynamic)
                .build();
    }
}
