package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Glob;
import dev.hadron.config.LayerType;
import dev.hadron.config.Nearest;
import dev.hadron.error.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The layers of a checkpoint that a configuration can speak of, found by the names and shapes of its tensors, so that families
 * that can't be run can still be quantized.
 *
 * @param layers in the order of the file
 * @param tiedHead whether the embedding table is the output matrix too
 * @param others the tensors that are no layer's weight, in the order of the file, and why; they stay as they are
 * @param linear patterns of layers that the user said are linear
 */
public record ModelLayers(
        List<ModelLayer> layers, boolean tiedHead, Map<String, NotALayer> others, List<String> linear) {
    /** The output matrix's name. */
    public static final String HEAD = "lm_head";

    /** Patterns of layers that choose among experts. Presets exclude them whether or not a model has any. */
    public static final List<String> ROUTER_PATTERNS = List.of("*.gate", "*.router", "*.shared_expert_gate");

    /** The output matrix under the names that families give it. */
    private static final Set<String> HEADS = Set.of(HEAD, "embed_out", "output");

    private static final String TIED = "tie_word_embeddings";

    /**
     * A layer.
     *
     * @param name of its module: {@code model.layers.0.mlp.down_proj}
     * @param weight its weight's tensor
     */
    public record ModelLayer(String name, LayerType type, TensorInfo weight) {}

    /** Copies the collections. */
    public ModelLayers {
        layers = List.copyOf(layers);
        linear = List.copyOf(linear);
        others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    }

    /** The layers of a checkpoint. */
    public static ModelLayers of(Checkpoint checkpoint) {
        return of(checkpoint, List.of());
    }

    /**
     * The layers of a checkpoint.
     *
     * @param linear patterns of layers that are linear whatever their names say
     * @throws ConfigException when a pattern matches nothing, or what can't be a linear layer
     */
    public static ModelLayers of(Checkpoint checkpoint, List<String> linear) {
        LayerRules rules = new LayerRules(new ModelConfig(checkpoint.config()));
        Set<String> named = namedLinear(checkpoint, linear, rules);
        List<ModelLayer> layers = new ArrayList<>();
        Map<String, NotALayer> others = new LinkedHashMap<>();
        for (TensorInfo tensor : checkpoint.tensors()) {
            LayerRules.Verdict verdict =
                    named.contains(tensor.name()) ? new LayerRules.Layer(LayerType.LINEAR) : rules.of(tensor);
            switch (verdict) {
                case LayerRules.Layer(LayerType type) ->
                    layers.add(new ModelLayer(LayerRules.moduleOf(tensor), type, tensor));
                case LayerRules.NoLayer(NotALayer reason) -> others.put(tensor.name(), reason);
            }
        }
        return new ModelLayers(layers, isHeadTied(checkpoint, layers), others, linear);
    }

    /** The names of the layers of a type. */
    public List<String> names(LayerType type) {
        return layers.stream()
                .filter(layer -> layer.type() == type)
                .map(ModelLayer::name)
                .toList();
    }

    /** The tensors that are no layer's weight for this reason. */
    public List<String> tensors(NotALayer reason) {
        return others.entrySet().stream()
                .filter(other -> other.getValue() == reason)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Vectors that match beside a matrix, its bias say, are passed over. */
    private static Set<String> namedLinear(Checkpoint checkpoint, List<String> patterns, LayerRules rules) {
        Set<String> named = new HashSet<>();
        for (String pattern : patterns) {
            Glob glob = new Glob(pattern);
            List<TensorInfo> matched = checkpoint.tensors().stream()
                    .filter(tensor -> glob.matches(LayerRules.moduleOf(tensor)) || glob.matches(tensor.name()))
                    .toList();
            if (matched.isEmpty()) {
                List<String> modules =
                        checkpoint.tensors().stream().map(LayerRules::moduleOf).toList();
                throw new ConfigException("the pattern \"" + pattern + "\" of --linear matches no tensor"
                        + (modules.isEmpty() ? "" : "; the nearest name is " + Nearest.of(pattern, modules)));
            }
            boolean onlyVectors =
                    matched.stream().allMatch(tensor -> tensor.shape().rank() < 2);
            for (TensorInfo tensor : matched) {
                if (tensor.shape().rank() < 2 && !onlyVectors) {
                    continue;
                }
                Optional<NotALayer> reason = rules.notLinear(tensor);
                if (reason.isPresent()) {
                    throw new ConfigException("the tensor " + tensor.name() + ", which the pattern \"" + pattern
                            + "\" of --linear matches, can't be a linear layer: "
                            + reason.get().reason());
                }
                named.add(tensor.name());
            }
        }
        return named;
    }

    /** Where {@code config.json} doesn't say, a model that generates text without an output matrix of its own is tied. */
    private static boolean isHeadTied(Checkpoint checkpoint, List<ModelLayer> layers) {
        ModelConfig config = new ModelConfig(checkpoint.config());
        JsonNode said = config.node().path(TIED);
        if (!said.isMissingNode() && !said.isNull()) {
            return config.flag(TIED, false);
        }
        boolean generates = false;
        for (JsonNode name : config.node().path("architectures")) {
            String text = name.asString("");
            generates |= text.endsWith("ForCausalLM") || text.endsWith("LMHeadModel");
        }
        return generates && layers.stream().noneMatch(layer -> HEADS.contains(LayerRules.lastPart(layer.name())));
    }
}
