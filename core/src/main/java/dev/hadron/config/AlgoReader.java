package dev.hadron.config;

import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads algorithms and pre-optimizations, chosen by their {@code name}, of every age of the Python tool. */
final class AlgoReader {
    private static final Set<String> ALGORITHMS = Set.of(AWQConfig.NAME, GPTQConfig.NAME, AutoSmoothQuantConfig.NAME);
    private static final Set<String> PRE_OPTIMIZATIONS =
            Set.of(SmoothQuantConfig.NAME, "smoothquant", RotationConfig.NAME, QuaRotConfig.NAME);

    private final JsonFields json;

    AlgoReader(JsonFields json) {
        this.json = json;
    }

    static AlgoConfig algorithm(JsonNode node, String origin) {
        return switch (new AlgoReader(new JsonFields(origin, false)).one(node, "", ALGORITHMS)) {
            case AlgoConfig algorithm -> algorithm;
            case PreQuantOptConfig other -> throw new IllegalStateException(other.toString());
        };
    }

    static PreQuantOptConfig preOptimization(JsonNode node, String origin) {
        return switch (new AlgoReader(new JsonFields(origin, false)).one(node, "", PRE_OPTIMIZATIONS)) {
            case PreQuantOptConfig preOptimization -> preOptimization;
            case AlgoConfig other -> throw new IllegalStateException(other.toString());
        };
    }

    /** One of them, or a list: release 0.13 lists algorithms and pre-optimizations together. */
    void read(@Nullable JsonNode node, String path, Config.Builder builder) {
        if (node == null) {
            return;
        }
        List<JsonNode> entries = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(entries::add);
        } else {
            entries.add(node);
        }
        Set<String> names = new TreeSet<>(path.equals("pre_quant_opt_config") ? Set.of() : ALGORITHMS);
        names.addAll(path.equals("pre_quant_opt_config") || json.isReference() ? PRE_OPTIMIZATIONS : Set.of());
        boolean seen = false;
        for (int i = 0; i < entries.size(); i++) {
            String place = node.isArray() ? path + "[" + i + "]" : path;
            switch (one(entries.get(i), place, names)) {
                case AlgoConfig algorithm -> {
                    if (seen) {
                        throw new ConfigException(json.origin() + ": " + path + " names two algorithms; keep one");
                    }
                    seen = true;
                    builder.algoConfig(algorithm);
                }
                case PreQuantOptConfig preOptimization -> builder.addPreOptimizationConfig(preOptimization);
            }
        }
    }

    private AlgoConfigBase one(JsonNode node, String path, Set<String> names) {
        String place = path.isEmpty() ? "the object" : path;
        if (!node.isObject()) {
            throw json.wrong(place, node, "a JSON object");
        }
        JsonNode name = node.path("name");
        if (!name.isString() || !names.contains(name.stringValue())) {
            throw new ConfigException(
                    json.origin() + ": name of " + place + " is " + (name.isMissingNode() ? "missing" : name)
                            + "; it must be one of " + String.join(", ", new TreeSet<>(names)));
        }
        return switch (name.stringValue()) {
            case AWQConfig.NAME -> awq(node, path);
            case GPTQConfig.NAME -> gptq(node, path);
            case AutoSmoothQuantConfig.NAME -> autoSmoothQuant(node, path);
            case RotationConfig.NAME -> rotation(node, path);
            case QuaRotConfig.NAME -> quaRot(node, path);
            default -> smoothQuant(node, path);
        };
    }

    private AWQConfig awq(JsonNode node, String path) {
        Values v = values(
                node,
                path,
                Set.of("scaling_layers", "model_decoder_layers", "num_attention_heads", "num_key_value_heads"));
        AWQConfig.Builder builder = AWQConfig.builder();
        v.layers(builder::scalingLayers);
        v.text("model_decoder_layers", builder::modelDecoderLayers);
        v.integer("num_attention_heads", builder::numAttentionHeads);
        v.integer("num_key_value_heads", builder::numKeyValueHeads);
        return builder.build();
    }

    private AutoSmoothQuantConfig autoSmoothQuant(JsonNode node, String path) {
        Values v = values(
                node,
                path,
                Set.of(
                        "scaling_layers",
                        "compute_scale_loss",
                        "model_decoder_layers",
                        "num_attention_heads",
                        "num_key_value_heads"));
        AutoSmoothQuantConfig.Builder builder = AutoSmoothQuantConfig.builder();
        v.layers(builder::scalingLayers);
        v.text("model_decoder_layers", builder::modelDecoderLayers);
        v.integer("num_attention_heads", builder::numAttentionHeads);
        v.integer("num_key_value_heads", builder::numKeyValueHeads);
        ScaleLoss loss = json.optional(v.fields, path, "compute_scale_loss", ScaleLoss.values(), ScaleLoss::name);
        if (loss != null) {
            builder.computeScaleLoss(loss);
        }
        return builder.build();
    }

    private GPTQConfig gptq(JsonNode node, String path) {
        Values v = values(
                node,
                path,
                Set.of(
                        "damp_percent",
                        "desc_act",
                        "static_groups",
                        "true_sequential",
                        "inside_layer_modules",
                        "model_decoder_layers"),
                // Tells how many columns are updated at once, which changes no result.
                Set.of("block_size"));
        GPTQConfig.Builder builder = GPTQConfig.builder();
        v.number("damp_percent", builder::dampPercent);
        v.bool("desc_act", builder::descAct);
        v.bool("static_groups", builder::staticGroups);
        v.bool("true_sequential", builder::trueSequential);
        v.texts("inside_layer_modules", builder::insideLayerModules);
        v.text("model_decoder_layers", builder::modelDecoderLayers);
        return builder.build();
    }

    private SmoothQuantConfig smoothQuant(JsonNode node, String path) {
        Values v = values(
                node,
                path,
                Set.of(
                        "alpha",
                        "scale_clamp_min",
                        "scaling_layers",
                        "model_decoder_layers",
                        "num_attention_heads",
                        "num_key_value_heads"));
        SmoothQuantConfig.Builder builder = SmoothQuantConfig.builder();
        v.number("alpha", builder::alpha);
        v.number("scale_clamp_min", builder::scaleClampMin);
        v.layers(builder::scalingLayers);
        v.text("model_decoder_layers", builder::modelDecoderLayers);
        v.integer("num_attention_heads", builder::numAttentionHeads);
        v.integer("num_key_value_heads", builder::numKeyValueHeads);
        return builder.build();
    }

    private PreQuantOptConfig rotation(JsonNode node, String path) {
        if (json.isReference() && node.has("r1")) {
            return newerRotation(node, path);
        }
        Values v = values(node, path, Set.of("random", "scaling_layers"));
        RotationConfig.Builder builder = RotationConfig.builder();
        v.bool("random", builder::random);
        v.layers(builder::scalingLayers);
        return builder.build();
    }

    /** Release 0.13 says of each rotation whether it is done; with more than R1 that is QuaRot. */
    private PreQuantOptConfig newerRotation(JsonNode node, String path) {
        Set<String> unused =
                Set.of("online_config", "online_r1_rotation", "rotation_size", "smooth_positions", "train_smooth");
        Values v = new Values(
                json.fields(
                        node,
                        path,
                        Set.of(
                                "name",
                                "r1",
                                "r2",
                                "r3",
                                "r4",
                                "random_r1",
                                "random_r2",
                                "scaling_layers",
                                "backbone",
                                "mlp",
                                "model_decoder_layers",
                                "o_proj",
                                "self_attn",
                                "v_proj"),
                        node.propertyNames().stream()
                                .filter(key -> key.startsWith("train") && !unused.contains(key))
                                .collect(Collectors.toSet()),
                        unused),
                path);
        if (!v.flag("r1")) {
            throw new UnsupportedQuantizationException(
                    json.origin() + ": " + path + " leaves the rotation r1 out, which isn't available; set r1 to true");
        }
        boolean more = v.flag("r2") || v.flag("r3") || v.flag("r4");
        if (!more) {
            RotationConfig.Builder builder = RotationConfig.builder().random(v.flag("random_r1"));
            v.layers(builder::scalingLayers);
            return builder.build();
        }
        QuaRotConfig.Builder builder = QuaRotConfig.builder()
                .random(v.flag("random_r1"))
                .random2(v.flag("random_r2"))
                .onlineHad(v.flag("r3") || v.flag("r4"))
                .kvCacheQuant(v.flag("r3"))
                .actQuant(v.flag("r4"));
        v.layers(builder::scalingLayers);
        paths(v, builder);
        return builder.build();
    }

    private QuaRotConfig quaRot(JsonNode node, String path) {
        Values v = values(
                node,
                path,
                Set.of(
                        "random",
                        "scaling_layers",
                        "random2",
                        "online_had",
                        "optimized_rotation_path",
                        "kv_cache_quant",
                        "act_quant",
                        "backbone",
                        "model_decoder_layers",
                        "v_proj",
                        "o_proj",
                        "self_attn",
                        "mlp"));
        QuaRotConfig.Builder builder = QuaRotConfig.builder();
        v.bool("random", builder::random);
        v.layers(builder::scalingLayers);
        v.bool("random2", builder::random2);
        v.bool("online_had", builder::onlineHad);
        v.text("optimized_rotation_path", builder::optimizedRotationPath);
        v.bool("kv_cache_quant", builder::kvCacheQuant);
        v.bool("act_quant", builder::actQuant);
        paths(v, builder);
        return builder.build();
    }

    private static void paths(Values v, QuaRotConfig.Builder builder) {
        v.text("backbone", builder::backbone);
        v.text("model_decoder_layers", builder::modelDecoderLayers);
        v.text("v_proj", builder::vProj);
        v.text("o_proj", builder::oProj);
        v.text("self_attn", builder::selfAttn);
        v.text("mlp", builder::mlp);
    }

    private Values values(JsonNode node, String path, Set<String> known) {
        return values(node, path, known, Set.of());
    }

    private Values values(JsonNode node, String path, Set<String> known, Set<String> skipped) {
        Set<String> keys = new TreeSet<>(known);
        keys.add("name");
        return new Values(json.fields(node, path, keys, skipped, Set.of()), path);
    }

    /** The fields of one object, handed to a builder's setters where they are said. */
    private final class Values {
        private final Map<String, JsonNode> fields;
        private final String path;

        Values(Map<String, JsonNode> fields, String path) {
            this.fields = fields;
            this.path = path;
        }

        void text(String key, Consumer<String> setter) {
            JsonNode node = JsonFields.given(fields, key);
            if (node != null) {
                setter.accept(json.text(node, at(key)));
            }
        }

        void texts(String key, Consumer<List<String>> setter) {
            List<String> texts = json.texts(JsonFields.given(fields, key), at(key));
            if (texts != null) {
                setter.accept(texts);
            }
        }

        void bool(String key, Consumer<Boolean> setter) {
            Boolean value = json.bool(JsonFields.given(fields, key), at(key));
            if (value != null) {
                setter.accept(value);
            }
        }

        boolean flag(String key) {
            return Boolean.TRUE.equals(json.bool(JsonFields.given(fields, key), at(key)));
        }

        void integer(String key, Consumer<Integer> setter) {
            Integer value = json.integer(JsonFields.given(fields, key), at(key));
            if (value != null) {
                setter.accept(value);
            }
        }

        void number(String key, Consumer<Double> setter) {
            Double value = json.number(JsonFields.given(fields, key), at(key));
            if (value != null) {
                setter.accept(value);
            }
        }

        void layers(Consumer<List<ScalingLayer>> setter) {
            JsonNode node = JsonFields.given(fields, "scaling_layers");
            if (node != null) {
                setter.accept(new ScalingLayerReader(json, at("scaling_layers")).all(node));
            }
        }

        private String at(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
