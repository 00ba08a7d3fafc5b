package dev.hadron.plan;

import dev.hadron.config.AlgoConfig;
import dev.hadron.config.Config;
import dev.hadron.config.Glob;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.Nearest;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationMode;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.ModelLayers;
import dev.hadron.model.ModelLayers.ModelLayer;
import dev.hadron.observer.Observers;
import dev.hadron.plan.LayerPlan.WeightView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides layer by layer. */
final class Planner {
    private final Config config;
    private final ModelLayers model;
    private final LayerResolver resolver;
    private final List<LayerPlan> layers = new ArrayList<>();
    private final Map<String, String> kept = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    Planner(Config config, ModelLayers model) {
        this.config = config;
        this.model = model;
        this.resolver = new LayerResolver(config);
    }

    QuantizationPlan plan() {
        if (config.quantMode() == QuantizationMode.FX_GRAPH_MODE) {
            throw new UnsupportedQuantizationException(
                    "quant_mode is fx_graph_mode, which isn't available; eager_mode is");
        }
        refuseAlgorithms();
        model.layers().forEach(this::decide);
        if (model.tiedHead()) {
            kept.put(ModelLayers.HEAD, "tied to the embedding table");
        }
        warnOfPatternsWithoutLayers();
        model.fusedExperts()
                .forEach(tensor -> warnings.add("the tensor " + tensor
                        + " holds several experts at once, which can't be quantized yet; it stays as it is"));
        layers.stream()
                .filter(layer -> model.tiedHead() && layer.type() == LayerType.EMBEDDING)
                .forEach(layer -> warnings.add("the embedding table " + layer.layer()
                        + " is quantized, and with it the output matrix, which is tied to it"));
        warnings.addAll(FusedLayers.warnings(layers, kept));
        if (layers.isEmpty()) {
            throw new ConfigException("the configuration quantizes none of the model's "
                    + model.layers().size() + " layers; check global_quant_config and exclude");
        }
        return new QuantizationPlan(config, NumericsProfile.QUARK_0_13, layers, kept, warnings);
    }

    /** Accepted, written and read; but no release runs them yet. */
    private void refuseAlgorithms() {
        AlgoConfig algorithm = config.algoConfig();
        if (algorithm != null) {
            throw new UnsupportedQuantizationException("algo_config asks for " + algorithm.name()
                    + ", which this release can't run; remove it for plain rounding");
        }
        if (!config.preQuantOptConfig().isEmpty()) {
            throw new UnsupportedQuantizationException("pre_quant_opt_config asks for "
                    + config.preQuantOptConfig().getFirst().name() + ", which this release can't run; remove it");
        }
    }

    private void decide(ModelLayer layer) {
        Optional<String> excludedBy = resolver.excludedBy(layer.name());
        if (excludedBy.isPresent()) {
            kept.put(layer.name(), "excluded by " + excludedBy.get());
            return;
        }
        if (model.tiedHead() && layer.name().equals(ModelLayers.HEAD)) {
            kept.put(layer.name(), "tied to the embedding table");
            return;
        }
        Optional<LayerResolver.Resolved> resolved = resolver.resolve(layer.name(), layer.type());
        Optional<QuantizationConfig> cache = resolver.resolveCache(layer.name());
        if (resolved.isEmpty() && cache.isEmpty()) {
            kept.put(layer.name(), "no configuration reaches it");
            return;
        }
        QuantizationConfig found = resolved.map(LayerResolver.Resolved::config).orElse(QuantizationConfig.NOTHING_SAID);
        Optional<QuantizationSpec> output = cache.isPresent()
                ? activation(cache.get().outputTensors(), "output", layer)
                : activation(found.outputTensors(), "output", layer);
        LayerPlan plan = new LayerPlan(
                layer.name(),
                layer.type(),
                new WeightView(layer.weight().name(), layer.weight().shape()),
                WorkingType.of(layer.weight().type()),
                weight(found.weight(), layer),
                activation(found.inputTensors(), "input", layer),
                output,
                resolved.map(LayerResolver.Resolved::source).orElse("kv_cache_quant_config"));
        if (found.bias() instanceof QuantizationSpec) {
            throw new UnsupportedQuantizationException(
                    "the bias of layer " + layer.name() + " can't be quantized; leave bias out of its configuration");
        }
        if (plan.weight().isEmpty() && plan.input().isEmpty() && plan.output().isEmpty()) {
            kept.put(layer.name(), "its configuration quantizes nothing");
            return;
        }
        layers.add(plan);
    }

    private static Optional<QuantizationSpec> weight(@Nullable TensorSetting setting, ModelLayer layer) {
        if (!(setting instanceof QuantizationSpec spec)) {
            return Optional.empty();
        }
        String where = "weight of layer " + layer.name();
        SpecRules.check(spec, where);
        if (Boolean.TRUE.equals(spec.isDynamic()) && Observers.canBeStatic(spec.format())) {
            throw new ConfigException(
                    "is_dynamic of the " + where + " is true; a weight's scales are found once: set it to false");
        }
        try {
            Observers.granularity(spec, layer.weight().shape());
        } catch (ConfigException e) {
            throw new ConfigException("layer " + layer.name() + ": " + e.getMessage(), e);
        }
        return Optional.of(spec);
    }

    private static Optional<QuantizationSpec> activation(
            @Nullable TensorSetting setting, String side, ModelLayer layer) {
        if (!(setting instanceof QuantizationSpec spec)) {
            return Optional.empty();
        }
        SpecRules.check(spec, side + " of layer " + layer.name());
        return Optional.of(spec);
    }

    private void warnOfPatternsWithoutLayers() {
        List<String> names =
                new ArrayList<>(model.layers().stream().map(ModelLayer::name).toList());
        if (model.tiedHead()) {
            names.add(ModelLayers.HEAD);
        }
        warnOfPatterns("exclude", config.exclude(), names);
        warnOfPatterns("layer_quant_config", config.layerQuantConfig().keySet(), names);
        warnOfPatterns("kv_cache_quant_config", config.kvCacheQuantConfig().keySet(), names);
        for (String type : config.layerTypeQuantConfig().keySet()) {
            if (model.names(LayerType.named(type)).isEmpty()) {
                warnings.add("layer_type_quant_config speaks of " + type + ", but the model has no layer of that type");
            }
        }
    }

    private void warnOfPatterns(String field, Iterable<String> patterns, List<String> names) {
        for (String pattern : patterns) {
            Glob glob = new Glob(pattern);
            boolean expected = ModelLayers.ROUTER_PATTERNS.contains(pattern);
            if (!expected && names.stream().noneMatch(glob::matches) && !names.isEmpty()) {
                warnings.add("the pattern \"" + pattern + "\" of " + field + " matches no layer; the nearest name is "
                        + Nearest.of(pattern, names));
            }
        }
    }
}
