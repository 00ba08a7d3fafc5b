package dev.hadron.export.layout;

import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.Glob;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code quantization_config} of the {@code quark} layout.
 *
 * <p>Consumers differ in how they read patterns, so what must not go wrong is spelled out: every tensor's setting has a key, layers
 * that stay as they are stand in {@code exclude} by their full names, and a quantized cache stands in {@code layer_quant_config}
 * (where Transformers looks) under the patterns that {@code kv_cache_group} repeats (where vLLM looks), besides {@code
 * kv_cache_quant_config}.
 */
final class QuarkConfiguration {
    /** The release whose files this layout follows. */
    private static final String VERSION = "0.13";

    private final Config config;
    private final List<LayerFormat> quantized;
    private final List<String> kept;

    QuarkConfiguration(Config config, List<LayerFormat> quantized, List<String> kept) {
        this.config = config;
        this.quantized = quantized;
        this.kept = kept;
    }

    ObjectNode toTree() {
        Map<String, QuantizationConfig> cache = cacheConfigs();
        ObjectNode root = object();
        root.putNull("algo_config");
        excluded().forEach(root.putArray("exclude")::add);
        ObjectNode export = root.putObject("export");
        cache.keySet().forEach(export.putArray("kv_cache_group")::add);
        export.put("min_kv_scale", 0.0);
        export.put("pack_method", "reorder");
        export.put("weight_format", "real_quantized");
        export.putNull("weight_merge_groups");
        root.set("global_quant_config", tree(config.globalQuantConfig()));
        root.put("kv_cache_post_rope", false);
        root.set("kv_cache_quant_config", trees(cache));
        Map<String, QuantizationConfig> named = new LinkedHashMap<>(cache);
        config.layerQuantConfig().forEach((pattern, layer) -> named.putIfAbsent(pattern, completed(layer)));
        root.set("layer_quant_config", trees(named));
        Map<String, QuantizationConfig> typed = new LinkedHashMap<>();
        linearConfig().ifPresent(linear -> typed.put(LayerType.LINEAR.wireName(), linear));
        root.set("layer_type_quant_config", trees(typed));
        root.put("quant_method", "quark");
        root.put("quant_mode", "eager_mode");
        root.putNull("softmax_quant_spec");
        root.put("version", VERSION);
        return root;
    }

    /** The full names of the layers that stay as they are although, but for exclusion, they would be quantized. */
    private List<String> excluded() {
        LayerResolver resolver = new LayerResolver(new Config(
                config.globalQuantConfig(),
                config.layerTypeQuantConfig(),
                config.layerQuantConfig(),
                Map.of(),
                List.of(),
                null,
                List.of(),
                config.quantMode(),
                config.logSeverityLevel()));
        return kept.stream()
                .filter(layer -> resolver.resolve(layer, LayerType.LINEAR)
                        .filter(resolved -> quantizes(resolved.config()))
                        .isPresent())
                .toList();
    }

    private static boolean quantizes(QuantizationConfig layer) {
        return layer.weight() instanceof QuantizationSpec
                || layer.inputTensors() instanceof QuantizationSpec
                || layer.outputTensors() instanceof QuantizationSpec;
    }

    /** One entry a pattern where all its layers got the same, else one a layer. */
    private Map<String, QuantizationConfig> cacheConfigs() {
        Map<String, QuantizationConfig> configs = new LinkedHashMap<>();
        for (String pattern : config.kvCacheQuantConfig().keySet()) {
            Glob glob = new Glob(pattern);
            List<LayerFormat> layers = quantized.stream()
                    .filter(layer ->
                            glob.matches(layer.layer()) && layer.output().isPresent())
                    .toList();
            boolean alike =
                    layers.stream().map(QuarkConfiguration::of).distinct().count() == 1;
            for (LayerFormat layer : layers) {
                configs.putIfAbsent(alike ? pattern : layer.layer(), of(layer));
            }
        }
        return configs;
    }

    private static QuantizationConfig of(LayerFormat layer) {
        return QuantizationConfig.builder()
                .weight(setting(layer.weight()))
                .inputTensors(setting(layer.input()))
                .outputTensors(setting(layer.output()))
                .build();
    }

    private static TensorSetting setting(Optional<QuantizationSpec> spec) {
        return spec.isPresent() ? spec.get() : TensorSetting.NOT_QUANTIZED;
    }

    /** The consumer takes a layer's configuration whole, so what it doesn't say must be said. */
    private QuantizationConfig completed(QuantizationConfig layer) {
        return layer.orElse(linearConfig().orElse(QuantizationConfig.NOTHING_SAID))
                .orElse(config.globalQuantConfig());
    }

    private Optional<QuantizationConfig> linearConfig() {
        return Optional.ofNullable(config.layerTypeQuantConfig().get(LayerType.LINEAR.wireName()))
                .map(linear -> linear.orElse(config.globalQuantConfig()));
    }

    private static ObjectNode trees(Map<String, QuantizationConfig> configs) {
        ObjectNode node = object();
        configs.forEach((name, layer) -> node.set(name, tree(layer)));
        return node;
    }

    private static ObjectNode tree(QuantizationConfig layer) {
        ObjectNode node = object();
        put(node, "bias", layer.bias());
        put(node, "input_tensors", layer.inputTensors());
        put(node, "output_tensors", layer.outputTensors());
        node.putNull("target_device");
        // The consumer refuses a weight that asks to be quantized while the model runs.
        put(
                node,
                "weight",
                layer.weight() instanceof QuantizationSpec weight ? LayerFormat.stored(weight) : layer.weight());
        return node;
    }

    private static void put(ObjectNode node, String key, @Nullable TensorSetting setting) {
        if (setting instanceof QuantizationSpec spec) {
            node.set(key, tree(spec));
        } else {
            node.putNull(key);
        }
    }

    /** Consumers know the elements of MX as types of their own. */
    private static ObjectNode tree(QuantizationSpec spec) {
        ObjectNode node = ConfigJson.toTree(spec);
        Dtype element = spec.mxElementDtype();
        if (spec.dtype() == Dtype.MX && element != null) {
            node.put("dtype", element.wireName());
            node.putNull("mx_element_dtype");
            node.put("scale_format", "e8m0");
            MxScaleMode mode = Objects.requireNonNullElse(spec.scaleCalculationMode(), MxScaleMode.FLOOR);
            node.put("scale_calculation_mode", mode.name().toLowerCase(Locale.ROOT));
        }
        return node;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
