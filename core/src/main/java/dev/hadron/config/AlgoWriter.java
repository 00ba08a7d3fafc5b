package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The wire form of algorithms and pre-optimizations: their fields under the Python names, and their {@code name}. */
final class AlgoWriter {
    private AlgoWriter() {}

    static ObjectNode toTree(AlgoConfigBase config) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", config.name());
        switch (config) {
            case SmoothQuantConfig c -> {
                node.put("alpha", c.alpha());
                node.put("scale_clamp_min", c.scaleClampMin());
                put(node, c.scalingLayers());
                node.put("model_decoder_layers", c.modelDecoderLayers());
                heads(node, c.numAttentionHeads(), c.numKeyValueHeads());
            }
            case RotationConfig c -> {
                node.put("random", c.random());
                put(node, c.scalingLayers());
            }
            case QuaRotConfig c -> write(node, c);
            case AutoSmoothQuantConfig c -> {
                put(node, c.scalingLayers());
                node.put("compute_scale_loss", c.computeScaleLoss().name());
                node.put("model_decoder_layers", c.modelDecoderLayers());
                heads(node, c.numAttentionHeads(), c.numKeyValueHeads());
            }
            case AWQConfig c -> {
                put(node, c.scalingLayers());
                node.put("model_decoder_layers", c.modelDecoderLayers());
                heads(node, c.numAttentionHeads(), c.numKeyValueHeads());
            }
            case GPTQConfig c -> {
                node.put("damp_percent", c.dampPercent());
                node.put("desc_act", c.descAct());
                node.put("static_groups", c.staticGroups());
                node.put("true_sequential", c.trueSequential());
                c.insideLayerModules().forEach(node.putArray("inside_layer_modules")::add);
                node.put("model_decoder_layers", c.modelDecoderLayers());
            }
        }
        return node;
    }

    private static void write(ObjectNode node, QuaRotConfig c) {
        node.put("random", c.random());
        put(node, c.scalingLayers());
        node.put("random2", c.random2());
        node.put("online_had", c.onlineHad());
        node.put("optimized_rotation_path", c.optimizedRotationPath());
        node.put("kv_cache_quant", c.kvCacheQuant());
        node.put("act_quant", c.actQuant());
        node.put("backbone", c.backbone());
        node.put("model_decoder_layers", c.modelDecoderLayers());
        node.put("v_proj", c.vProj());
        node.put("o_proj", c.oProj());
        node.put("self_attn", c.selfAttn());
        node.put("mlp", c.mlp());
    }

    private static void heads(ObjectNode node, int attention, int keyValue) {
        node.put("num_attention_heads", attention);
        node.put("num_key_value_heads", keyValue);
    }

    private static void put(ObjectNode node, @Nullable List<ScalingLayer> layers) {
        if (layers == null) {
            node.putNull("scaling_layers");
            return;
        }
        ArrayNode list = node.putArray("scaling_layers");
        for (ScalingLayer layer : layers) {
            ObjectNode entry = list.addObject();
            putIfSaid(entry, "prev_op", layer.prevOp());
            putIfSaid(entry, "layers", layer.layers());
            putIfSaid(entry, "inp", layer.inp());
            putIfSaid(entry, "module2inspect", layer.module2inspect());
            putIfSaid(entry, "prev_modules", layer.prevModules());
            putIfSaid(entry, "norm_module", layer.normModule());
            putIfSaid(entry, "next_modules", layer.nextModules());
            putIfSaid(entry, "position", layer.position());
        }
    }

    private static void putIfSaid(ObjectNode node, String key, @Nullable String value) {
        if (value != null) {
            node.put(key, value);
        }
    }

    private static void putIfSaid(ObjectNode node, String key, @Nullable List<String> values) {
        if (values != null) {
            values.forEach(node.putArray(key)::add);
        }
    }
}
