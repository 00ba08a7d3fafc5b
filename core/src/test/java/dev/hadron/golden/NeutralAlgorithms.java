package dev.hadron.golden;

import dev.hadron.config.AWQConfig;
import dev.hadron.config.AlgoConfigBase;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.GPTQConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.RotationScaling;
import dev.hadron.config.ScalingLayer;
import dev.hadron.config.SmoothQuantConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Algorithms as they were recorded. A Python null, an empty list and an empty text all mean "from the architecture". */
final class NeutralAlgorithms {
    private NeutralAlgorithms() {}

    static AlgoConfigBase algorithm(JsonNode node) {
        return switch (node.get("class").stringValue()) {
            case "SmoothQuantConfig" ->
                SmoothQuantConfig.builder()
                        .alpha(node.get("alpha").doubleValue())
                        .scaleClampMin(node.get("scale_clamp_min").doubleValue())
                        .scalingLayers(layers(node))
                        .modelDecoderLayers(text(node, "model_decoder_layers"))
                        .numAttentionHeads(node.get("num_attention_heads").intValue())
                        .numKeyValueHeads(node.get("num_key_value_heads").intValue())
                        .build();
            case "RotationConfig" ->
                RotationConfig.builder()
                        .random(node.get("random").booleanValue())
                        .scalingLayers(new RotationScaling.Entries(layers(node)))
                        .build();
            case "QuaRotConfig" -> quaRot(node);
            case "AutoSmoothQuantConfig" ->
                AutoSmoothQuantConfig.builder()
                        .scalingLayers(layers(node))
                        .modelDecoderLayers(text(node, "model_decoder_layers"))
                        .numAttentionHeads(node.get("num_attention_heads").intValue())
                        .numKeyValueHeads(node.get("num_key_value_heads").intValue())
                        .build();
            case "AWQConfig" ->
                AWQConfig.builder()
                        .scalingLayers(layers(node))
                        .modelDecoderLayers(text(node, "model_decoder_layers"))
                        .numAttentionHeads(node.get("num_attention_heads").intValue())
                        .numKeyValueHeads(node.get("num_key_value_heads").intValue())
                        .build();
            case "GPTQConfig" ->
                GPTQConfig.builder()
                        .dampPercent(node.get("damp_percent").doubleValue())
                        .descAct(node.get("desc_act").booleanValue())
                        .staticGroups(node.get("static_groups").booleanValue())
                        .trueSequential(node.get("true_sequential").booleanValue())
                        .insideLayerModules(texts(node.get("inside_layer_modules")))
                        .modelDecoderLayers(text(node, "model_decoder_layers"))
                        .build();
            default -> throw new AssertionError(node.toString());
        };
    }

    private static QuaRotConfig quaRot(JsonNode node) {
        return QuaRotConfig.builder()
                .random(node.get("random").booleanValue())
                .scalingLayers(new RotationScaling.Entries(layers(node)))
                .random2(node.get("random2").booleanValue())
                .onlineHad(node.get("online_had").booleanValue())
                .optimizedRotationPath(textOrNull(node, "optimized_rotation_path"))
                .kvCacheQuant(node.get("kv_cache_quant").booleanValue())
                .actQuant(node.get("act_quant").booleanValue())
                .backbone(text(node, "backbone"))
                .modelDecoderLayers(text(node, "model_decoder_layers"))
                .vProj(text(node, "v_proj"))
                .oProj(text(node, "o_proj"))
                .selfAttn(text(node, "self_attn"))
                .mlp(text(node, "mlp"))
                .build();
    }

    private static List<ScalingLayer> layers(JsonNode node) {
        return node.path("scaling_layers")
                .valueStream()
                .map(layer -> new ScalingLayer(
                        layer.get("prev_op").stringValue(),
                        texts(layer.get("layers")),
                        textOrNull(layer, "inp"),
                        textOrNull(layer, "module2inspect")))
                .toList();
    }

    private static List<String> texts(JsonNode node) {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    private static @Nullable String textOrNull(JsonNode node, String key) {
        return node.path(key).isString() ? node.get(key).stringValue() : null;
    }
}
