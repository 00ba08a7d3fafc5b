package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms of a configuration, its layers and their tensors. */
final class ConfigForms {
    private static final ObjectForm<TQTSpec, TqtDraft> TQT = new ObjectForm<TQTSpec, TqtDraft>(
                    "TQTSpec", TQTSpec.class, TqtDraft::new, draft -> draft.spec)
            .field(
                    "threshold_init_meth",
                    Forms.oneOf(TQTThresholdInitMethod.values(), TQTThresholdInitMethod::wireName),
                    TQTSpec::thresholdInitMeth,
                    (draft, value) -> draft.spec = new TQTSpec(value));

    static final ObjectForm<QuantizationSpec, QuantizationSpec.Builder> SPEC = new ObjectForm<
                    QuantizationSpec, QuantizationSpec.Builder>(
                    "QuantizationSpec",
                    QuantizationSpec.class,
                    () -> QuantizationSpec.builder(Dtype.INT8),
                    QuantizationSpec.Builder::build)
            .requiredField(
                    "dtype",
                    Forms.oneOf(Dtype.values(), Dtype::wireName),
                    QuantizationSpec::dtype,
                    QuantizationSpec.Builder::dtype)
            .field("is_dynamic", Forms.BOOLEAN, QuantizationSpec::isDynamic, QuantizationSpec.Builder::isDynamic)
            .field(
                    "qscheme",
                    Forms.oneOf(QSchemeType.values()),
                    QuantizationSpec::qscheme,
                    QuantizationSpec.Builder::qscheme)
            .field("ch_axis", Forms.INTEGER, QuantizationSpec::chAxis, QuantizationSpec.Builder::chAxis)
            .field("group_size", new GroupSizeForm(), QuantizationSpec::groupSize, QuantizationSpec.Builder::groupSize)
            .field("symmetric", Forms.BOOLEAN, QuantizationSpec::symmetric, QuantizationSpec.Builder::symmetric)
            .field(
                    "round_method",
                    Forms.oneOf(RoundType.values()),
                    QuantizationSpec::roundMethod,
                    QuantizationSpec.Builder::roundMethod)
            .field(
                    "scale_type",
                    Forms.oneOf(ScaleType.values()),
                    QuantizationSpec::scaleType,
                    QuantizationSpec.Builder::scaleType)
            .field(
                    "observer_cls",
                    Forms.oneOf(ObserverType.values(), ObserverType::wireName),
                    QuantizationSpec::observerCls,
                    QuantizationSpec.Builder::observerCls)
            .field(
                    "zero_point_type",
                    Forms.oneOf(ZeroPointType.values()),
                    QuantizationSpec::zeroPointType,
                    QuantizationSpec.Builder::zeroPointType)
            .omittedField(
                    "mx_element_dtype",
                    Forms.oneOf(Dtype.values(), Dtype::wireName),
                    QuantizationSpec::mxElementDtype,
                    QuantizationSpec.Builder::mxElementDtype)
            .omittedField(
                    "scale_calculation_mode",
                    Forms.oneOf(MxScaleMode.values()),
                    QuantizationSpec::scaleCalculationMode,
                    QuantizationSpec.Builder::scaleCalculationMode)
            .omittedField("qat_spec", TQT, QuantizationSpec::qatSpec, QuantizationSpec.Builder::qatSpec)
            .oldSpelling("dynamic", "is_dynamic")
            .oldSpelling("axis", "ch_axis");

    private static final Form<TensorSetting> TENSOR = new Form<>() {
        @Override
        public TensorSetting read(JsonNode node, Place place) {
            return SPEC.read(node, place);
        }

        @Override
        public JsonNode write(TensorSetting value) {
            return switch (value) {
                case TensorSetting.NotQuantized unused -> Forms.json().nullNode();
                case QuantizationSpec spec -> SPEC.write(spec);
            };
        }

        @Override
        public ObjectNode schema(ObjectNode definitions) {
            return SPEC.schema(definitions);
        }

        @Override
        public String expected() {
            return "a JSON object, or null for a tensor that isn't quantized";
        }
    };

    static final ObjectForm<QuantizationConfig, QuantizationConfig.Builder> LAYER = new ObjectForm<
                    QuantizationConfig, QuantizationConfig.Builder>(
                    "QuantizationConfig",
                    QuantizationConfig.class,
                    QuantizationConfig::builder,
                    QuantizationConfig.Builder::build)
            .statedField(
                    "input_tensors",
                    TENSOR,
                    TensorSetting.NOT_QUANTIZED,
                    QuantizationConfig::inputTensors,
                    QuantizationConfig.Builder::inputTensors)
            .statedField(
                    "output_tensors",
                    TENSOR,
                    TensorSetting.NOT_QUANTIZED,
                    QuantizationConfig::outputTensors,
                    QuantizationConfig.Builder::outputTensors)
            .statedField(
                    "weight",
                    TENSOR,
                    TensorSetting.NOT_QUANTIZED,
                    QuantizationConfig::weight,
                    QuantizationConfig.Builder::weight)
            .statedField(
                    "bias",
                    TENSOR,
                    TensorSetting.NOT_QUANTIZED,
                    QuantizationConfig::bias,
                    QuantizationConfig.Builder::bias)
            .omittedField(
                    "target_device",
                    Forms.oneOf(DeviceType.values()),
                    QuantizationConfig::targetDevice,
                    QuantizationConfig.Builder::targetDevice);

    static final ObjectForm<Config, Config.Builder> CONFIG = new ObjectForm<Config, Config.Builder>(
                    "Config", Config.class, Config::builder, Config.Builder::build)
            .field(
                    "format",
                    Forms.integer(
                            1,
                            ConfigJson.FORMAT,
                            "at most " + ConfigJson.FORMAT + " (a newer Hadron wrote this file; use that one)"),
                    config -> ConfigJson.FORMAT,
                    (builder, format) -> {})
            .field(
                    "quant_method",
                    Forms.oneOf(new String[] {ConfigJson.QUANT_METHOD}, name -> name),
                    config -> ConfigJson.QUANT_METHOD,
                    (builder, name) -> {})
            .requiredField("global_quant_config", LAYER, Config::globalQuantConfig, Config.Builder::globalQuantConfig)
            .field(
                    "layer_type_quant_config",
                    Forms.map(
                            LAYER,
                            Arrays.stream(LayerType.values())
                                    .map(LayerType::wireName)
                                    .toList(),
                            "an object of configurations"),
                    Config::layerTypeQuantConfig,
                    (builder, layers) -> layers.forEach(builder::layerTypeQuantConfig))
            .field(
                    "layer_quant_config",
                    Forms.map(LAYER, List.of(), "an object of configurations"),
                    Config::layerQuantConfig,
                    (builder, layers) -> layers.forEach(builder::layerQuantConfig))
            .field(
                    "kv_cache_quant_config",
                    Forms.map(LAYER, List.of(), "an object of configurations"),
                    Config::kvCacheQuantConfig,
                    (builder, layers) -> layers.forEach(builder::kvCacheQuantConfig))
            .field(
                    "exclude",
                    Forms.list(Forms.TEXT, "a list of patterns"),
                    Config::exclude,
                    (builder, patterns) -> builder.exclude(patterns))
            .field("algo_config", AlgoForms.ALGO_CONFIG, Config::algoConfig, Config.Builder::algoConfig)
            .field(
                    "pre_quant_opt_config",
                    Forms.list(AlgoForms.PRE_QUANT_OPT_CONFIG, "a list of objects"),
                    Config::preQuantOptConfig,
                    (builder, optimizations) -> optimizations.forEach(builder::addPreOptimizationConfig))
            .field("quant_mode", Forms.oneOf(QuantizationMode.values()), Config::quantMode, Config.Builder::quantMode)
            .field(
                    "log_severity_level",
                    Forms.integer(0, 4, "0 (debug), 1 (info), 2 (warning), 3 (error) or 4 (critical)"),
                    Config::logSeverityLevel,
                    Config.Builder::logSeverityLevel);

    private ConfigForms() {}

    private static final class TqtDraft {
        private TQTSpec spec = TQTSpec.of();
    }
}
