package dev.hadron.plan;

import dev.hadron.config.Config;
import dev.hadron.config.Glob;
import dev.hadron.config.LayerType;
import dev.hadron.config.Nearest;
import dev.hadron.model.ModelLayers;
import dev.hadron.model.ModelLayers.ModelLayer;
import dev.hadron.model.NotALayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What can be done as it was said, but was perhaps not meant. */
final class Warnings {
    private final Config config;
    private final ModelLayers model;
    private final List<String> warnings = new ArrayList<>();

    private Warnings(Config config, ModelLayers model) {
        this.config = config;
        this.model = model;
    }

    static List<String> of(Config config, ModelLayers model, List<LayerPlan> layers, Map<String, String> kept) {
        Warnings warnings = new Warnings(config, model);
        warnings.ofPatternsWithoutLayers();
        warnings.ofTypesWithoutLayers();
        warnings.ofTensorsThatStay();
        warnings.ofRouters(layers);
        warnings.ofTiedTables(layers);
        warnings.warnings.addAll(FusedLayers.warnings(layers, kept));
        return warnings.warnings;
    }

    private void ofPatternsWithoutLayers() {
        List<String> names =
                new ArrayList<>(model.layers().stream().map(ModelLayer::name).toList());
        if (model.tiedHead()) {
            names.add(ModelLayers.HEAD);
        }
        ofPatterns("exclude", config.exclude(), names);
        ofPatterns("layer_quant_config", config.layerQuantConfig().keySet(), names);
        ofPatterns("kv_cache_quant_config", config.kvCacheQuantConfig().keySet(), names);
    }

    private void ofPatterns(String field, Iterable<String> patterns, List<String> names) {
        for (String pattern : patterns) {
            Glob glob = new Glob(pattern);
            boolean expected = ModelLayers.ROUTER_PATTERNS.contains(pattern);
            if (!expected && names.stream().noneMatch(glob::matches) && !names.isEmpty()) {
                warnings.add("the pattern \"" + pattern + "\" of " + field + " matches no layer; the nearest name is "
                        + Nearest.of(pattern, names));
            }
        }
    }

    private void ofTypesWithoutLayers() {
        for (String type : config.layerTypeQuantConfig().keySet()) {
            if (model.names(LayerType.named(type)).isEmpty()) {
                warnings.add("layer_type_quant_config speaks of " + type + ", but the model has no layer of that type");
            }
        }
    }

    private void ofTensorsThatStay() {
        FoldedName.of(model.tensors(NotALayer.SEVERAL_EXPERTS))
                .forEach(tensor -> warnings.add("the tensor " + tensor.pattern()
                        + " holds several experts at once, which can't be quantized yet; it stays as it is"));
        FoldedName.of(model.tensors(NotALayer.TRANSPOSED))
                .forEach(tensor -> warnings.add(
                        "the tensor " + tensor.pattern() + " stays as it is: " + NotALayer.TRANSPOSED.reason()));
    }

    private void ofRouters(List<LayerPlan> layers) {
        List<Glob> routers = ModelLayers.ROUTER_PATTERNS.stream().map(Glob::new).toList();
        List<String> found = layers.stream()
                .map(LayerPlan::layer)
                .filter(layer -> routers.stream().anyMatch(router -> router.matches(layer)))
                .toList();
        FoldedName.of(found)
                .forEach(layer -> warnings.add("layer " + layer.pattern()
                        + " chooses among experts, and is quantized; it is small and mistakes of it are dear: consider to"
                        + " exclude it"));
    }

    private void ofTiedTables(List<LayerPlan> layers) {
        if (model.tiedHead()) {
            layers.stream()
                    .filter(layer -> layer.type() == LayerType.EMBEDDING)
                    .forEach(layer -> warnings.add(
                            "layer " + layer.layer() + " is the output matrix too, which is quantized with it"));
        }
    }
}
