package dev.hadron.plan;

import dev.hadron.config.Config;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerResolver.Resolved;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationMode;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers;
import dev.hadron.model.ModelLayers.ModelLayer;
import dev.hadron.model.NotALayer;
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
    private static final String TIED = "tied to the embedding table";

    private final Config config;
    private final ModelLayers model;
    private final LayoutCheck layout;
    private final LayerResolver resolver;
    private final Rules rules;
    private final Problems problems = new Problems();
    private final List<LayerPlan> layers = new ArrayList<>();
    private final Map<String, String> kept = new LinkedHashMap<>();

    Planner(Config config, ModelLayers model, ExportLayout layout) {
        this.config = config;
        this.model = model;
        this.layout = new LayoutCheck(layout);
        this.resolver = new LayerResolver(config);
        this.rules = new Rules(config);
    }

    QuantizationPlan plan() {
        if (config.quantMode() == QuantizationMode.FX_GRAPH_MODE) {
            throw new UnsupportedQuantizationException(
                    "quant_mode is fx_graph_mode, which isn't available; eager_mode is");
        }
        model.layers().forEach(layer -> problems.collect(layer.name(), () -> decide(layer)));
        if (model.tiedHead()) {
            kept.put(ModelLayers.HEAD, TIED);
        }
        problems.refuse();
        if (layers.isEmpty()) {
            throw nothingToDo();
        }
        return new QuantizationPlan(
                model,
                layout.layout(),
                config,
                NumericsProfile.QUARK_0_13,
                layers,
                kept,
                Warnings.of(config, model, layers, kept));
    }

    private RuntimeException nothingToDo() {
        List<String> transposed = model.tensors(NotALayer.TRANSPOSED);
        if (!transposed.isEmpty()) {
            return new UnsupportedQuantizationException("the tensor " + transposed.getFirst() + " and "
                    + (transposed.size() - 1) + " more stay as they are (" + NotALayer.TRANSPOSED.reason()
                    + "), and nothing else is left to quantize");
        }
        return new ConfigException("the configuration quantizes none of the model's "
                + model.layers().size()
                + " layers; check global_quant_config and exclude, or name linear layers with --linear");
    }

    private void decide(ModelLayer layer) {
        Optional<String> excludedBy = resolver.excludedBy(layer.name());
        if (excludedBy.isPresent()) {
            kept.put(layer.name(), "excluded by " + excludedBy.get());
            return;
        }
        if (model.tiedHead() && layer.name().equals(ModelLayers.HEAD)) {
            kept.put(layer.name(), TIED);
            return;
        }
        Optional<Resolved> resolved = resolver.resolve(layer.name(), layer.type());
        Optional<QuantizationConfig> cache = resolver.resolveCache(layer.name());
        if (resolved.isEmpty() && cache.isEmpty()) {
            kept.put(layer.name(), unreached(layer.type()));
            return;
        }
        if (isConvolution(layer.type()) && !rules.names(layer, resolved)) {
            kept.put(layer.name(), "a convolution, which can't be quantized yet");
            return;
        }
        QuantizationConfig found = resolved.map(Resolved::config).orElse(QuantizationConfig.NOTHING_SAID);
        if (found.bias() instanceof QuantizationSpec) {
            throw new UnsupportedQuantizationException("the bias of layer " + layer.name()
                    + " can't be quantized; leave bias out of its configuration ("
                    + rules.of(layer, resolved).get(TensorRole.BIAS) + ")");
        }
        LayerPlan plan = new LayerPlan(
                layer.name(),
                layer.type(),
                new WeightView(layer.weight().name(), layer.weight().shape()),
                WorkingType.of(layer.weight().type()),
                weight(found.weight(), layer),
                activation(found.inputTensors(), TensorRole.INPUT, layer),
                activation(
                        cache.map(QuantizationConfig::outputTensors).orElse(found.outputTensors()),
                        TensorRole.OUTPUT,
                        layer),
                rules.of(layer, resolved));
        if (plan.weight().isEmpty() && plan.input().isEmpty() && plan.output().isEmpty()) {
            kept.put(layer.name(), "its configuration quantizes nothing");
            return;
        }
        layout.require(plan);
        layers.add(plan);
    }

    private static String unreached(LayerType type) {
        return switch (type) {
            case LINEAR, CONV2D, CONV_TRANSPOSE2D -> "no configuration reaches it";
            case EMBEDDING, EMBEDDING_BAG -> "no configuration reaches it (a table must be named by pattern or type)";
        };
    }

    static boolean isConvolution(LayerType type) {
        return switch (type) {
            case CONV2D, CONV_TRANSPOSE2D -> true;
            case LINEAR, EMBEDDING, EMBEDDING_BAG -> false;
        };
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
            @Nullable TensorSetting setting, TensorRole role, ModelLayer layer) {
        if (!(setting instanceof QuantizationSpec spec)) {
            return Optional.empty();
        }
        SpecRules.check(spec, role.wireName() + " of layer " + layer.name());
        return Optional.of(spec);
    }
}
