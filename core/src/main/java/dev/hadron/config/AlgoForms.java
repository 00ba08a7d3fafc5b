package dev.hadron.config;

import java.util.List;

/** The forms of algorithms and of what goes before them. */
final class AlgoForms {
    private static final ObjectForm<SmoothQuantConfig, SmoothQuantConfig.Builder> SMOOTH_QUANT = new ObjectForm<
                    SmoothQuantConfig, SmoothQuantConfig.Builder>(
                    "SmoothQuantConfig",
                    SmoothQuantConfig.class,
                    SmoothQuantConfig::builder,
                    SmoothQuantConfig.Builder::build)
            .tagged(SmoothQuantConfig.NAME, "smoothquant")
            .field("alpha", Forms.NUMBER, SmoothQuantConfig::alpha, SmoothQuantConfig.Builder::alpha)
            .field(
                    "scale_clamp_min",
                    Forms.NUMBER,
                    SmoothQuantConfig::scaleClampMin,
                    SmoothQuantConfig.Builder::scaleClampMin)
            .field(
                    "scaling_layers",
                    ScalingForms.LAYERS,
                    SmoothQuantConfig::scalingLayers,
                    SmoothQuantConfig.Builder::scalingLayers)
            .field(
                    "model_decoder_layers",
                    Forms.TEXT,
                    SmoothQuantConfig::modelDecoderLayers,
                    SmoothQuantConfig.Builder::modelDecoderLayers)
            .field(
                    "num_attention_heads",
                    Forms.INTEGER,
                    SmoothQuantConfig::numAttentionHeads,
                    SmoothQuantConfig.Builder::numAttentionHeads)
            .field(
                    "num_key_value_heads",
                    Forms.INTEGER,
                    SmoothQuantConfig::numKeyValueHeads,
                    SmoothQuantConfig.Builder::numKeyValueHeads);

    private static final ObjectForm<RotationConfig, RotationConfig.Builder> ROTATION = new ObjectForm<
                    RotationConfig, RotationConfig.Builder>(
                    "RotationConfig", RotationConfig.class, RotationConfig::builder, RotationConfig.Builder::build)
            .tagged(RotationConfig.NAME)
            .field("random", Forms.BOOLEAN, RotationConfig::random, RotationConfig.Builder::random)
            .field(
                    "scaling_layers",
                    ScalingForms.LAYERS,
                    RotationConfig::scalingLayers,
                    RotationConfig.Builder::scalingLayers);

    private static final ObjectForm<QuaRotConfig, QuaRotConfig.Builder> QUAROT = new ObjectForm<
                    QuaRotConfig, QuaRotConfig.Builder>(
                    "QuaRotConfig", QuaRotConfig.class, QuaRotConfig::builder, QuaRotConfig.Builder::build)
            .tagged(QuaRotConfig.NAME)
            .field("random", Forms.BOOLEAN, QuaRotConfig::random, QuaRotConfig.Builder::random)
            .field(
                    "scaling_layers",
                    ScalingForms.LAYERS,
                    QuaRotConfig::scalingLayers,
                    QuaRotConfig.Builder::scalingLayers)
            .field("random2", Forms.BOOLEAN, QuaRotConfig::random2, QuaRotConfig.Builder::random2)
            .field("online_had", Forms.BOOLEAN, QuaRotConfig::onlineHad, QuaRotConfig.Builder::onlineHad)
            .field(
                    "optimized_rotation_path",
                    Forms.TEXT,
                    QuaRotConfig::optimizedRotationPath,
                    QuaRotConfig.Builder::optimizedRotationPath)
            .field("kv_cache_quant", Forms.BOOLEAN, QuaRotConfig::kvCacheQuant, QuaRotConfig.Builder::kvCacheQuant)
            .field("act_quant", Forms.BOOLEAN, QuaRotConfig::actQuant, QuaRotConfig.Builder::actQuant)
            .field("backbone", Forms.TEXT, QuaRotConfig::backbone, QuaRotConfig.Builder::backbone)
            .field(
                    "model_decoder_layers",
                    Forms.TEXT,
                    QuaRotConfig::modelDecoderLayers,
                    QuaRotConfig.Builder::modelDecoderLayers)
            .field("v_proj", Forms.TEXT, QuaRotConfig::vProj, QuaRotConfig.Builder::vProj)
            .field("o_proj", Forms.TEXT, QuaRotConfig::oProj, QuaRotConfig.Builder::oProj)
            .field("self_attn", Forms.TEXT, QuaRotConfig::selfAttn, QuaRotConfig.Builder::selfAttn)
            .field("mlp", Forms.TEXT, QuaRotConfig::mlp, QuaRotConfig.Builder::mlp)
            .oldSpelling("had", "online_had");

    private static final ObjectForm<AutoSmoothQuantConfig, AutoSmoothQuantConfig.Builder> AUTO_SMOOTH_QUANT =
            new ObjectForm<AutoSmoothQuantConfig, AutoSmoothQuantConfig.Builder>(
                            "AutoSmoothQuantConfig",
                            AutoSmoothQuantConfig.class,
                            AutoSmoothQuantConfig::builder,
                            AutoSmoothQuantConfig.Builder::build)
                    .tagged(AutoSmoothQuantConfig.NAME)
                    .field(
                            "scaling_layers",
                            ScalingForms.LAYERS,
                            AutoSmoothQuantConfig::scalingLayers,
                            AutoSmoothQuantConfig.Builder::scalingLayers)
                    .field(
                            "compute_scale_loss",
                            Forms.oneOf(ScaleLoss.values(), ScaleLoss::name),
                            AutoSmoothQuantConfig::computeScaleLoss,
                            AutoSmoothQuantConfig.Builder::computeScaleLoss)
                    .field(
                            "model_decoder_layers",
                            Forms.TEXT,
                            AutoSmoothQuantConfig::modelDecoderLayers,
                            AutoSmoothQuantConfig.Builder::modelDecoderLayers)
                    .field(
                            "num_attention_heads",
                            Forms.INTEGER,
                            AutoSmoothQuantConfig::numAttentionHeads,
                            AutoSmoothQuantConfig.Builder::numAttentionHeads)
                    .field(
                            "num_key_value_heads",
                            Forms.INTEGER,
                            AutoSmoothQuantConfig::numKeyValueHeads,
                            AutoSmoothQuantConfig.Builder::numKeyValueHeads);

    private static final ObjectForm<AWQConfig, AWQConfig.Builder> AWQ = new ObjectForm<AWQConfig, AWQConfig.Builder>(
                    "AWQConfig", AWQConfig.class, AWQConfig::builder, AWQConfig.Builder::build)
            .tagged(AWQConfig.NAME)
            .field("scaling_layers", ScalingForms.LAYERS, AWQConfig::scalingLayers, AWQConfig.Builder::scalingLayers)
            .field(
                    "model_decoder_layers",
                    Forms.TEXT,
                    AWQConfig::modelDecoderLayers,
                    AWQConfig.Builder::modelDecoderLayers)
            .field(
                    "num_attention_heads",
                    Forms.INTEGER,
                    AWQConfig::numAttentionHeads,
                    AWQConfig.Builder::numAttentionHeads)
            .field(
                    "num_key_value_heads",
                    Forms.INTEGER,
                    AWQConfig::numKeyValueHeads,
                    AWQConfig.Builder::numKeyValueHeads);

    private static final ObjectForm<GPTQConfig, GPTQConfig.Builder> GPTQ = new ObjectForm<
                    GPTQConfig, GPTQConfig.Builder>(
                    "GPTQConfig", GPTQConfig.class, GPTQConfig::builder, GPTQConfig.Builder::build)
            .tagged(GPTQConfig.NAME)
            .field("damp_percent", Forms.NUMBER, GPTQConfig::dampPercent, GPTQConfig.Builder::dampPercent)
            .field("desc_act", Forms.BOOLEAN, GPTQConfig::descAct, GPTQConfig.Builder::descAct)
            .field("static_groups", Forms.BOOLEAN, GPTQConfig::staticGroups, GPTQConfig.Builder::staticGroups)
            .field("true_sequential", Forms.BOOLEAN, GPTQConfig::trueSequential, GPTQConfig.Builder::trueSequential)
            .field(
                    "inside_layer_modules",
                    ScalingForms.NAMES,
                    GPTQConfig::insideLayerModules,
                    GPTQConfig.Builder::insideLayerModules)
            .field(
                    "model_decoder_layers",
                    Forms.TEXT,
                    GPTQConfig::modelDecoderLayers,
                    GPTQConfig.Builder::modelDecoderLayers);

    static final Form<PreQuantOptConfig> PRE_QUANT_OPT_CONFIG =
            new TaggedForm<>(List.of(SMOOTH_QUANT, ROTATION, QUAROT));

    static final Form<AlgoConfig> ALGO_CONFIG = new TaggedForm<>(List.of(AUTO_SMOOTH_QUANT, AWQ, GPTQ));

    private AlgoForms() {}
}
