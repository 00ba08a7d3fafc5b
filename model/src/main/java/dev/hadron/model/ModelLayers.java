package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.LayerType;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of a checkpoint that a configuration can speak of, found by the names and shapes of its tensors, so that families
 * that can't be run can still be quantized.
 *
 * @param layers in the order of the file
 * @param tiedHead whether the embedding table is the output matrix too
 * @param fusedExperts tensors that hold the matrices of several experts at once, which stay as they are
 */
public record ModelLayers(List<ModelLayer> layers, boolean tiedHead, List<String> fusedExperts) {
    /** The output matrix's name. */
    public static final String HEAD = "lm_head";

    /** Patterns of layers that choose among experts. Presets exclude them whether or not a model has any. */
    public static final List<String> ROUTER_PATTERNS = List.of("*.gate", "*.router", "*.shared_expert_gate");

    private static final String WEIGHT = ".weight";
    private static final int EXPERTS_RANK = 3;
    private static final Set<String> TABLES =
            Set.of("embed_tokens", "wte", "wpe", "word_embeddings", "embed_in", "tok_embeddings", "embed_positions");
    /** Families whose matrices are stored {@code [in, out]}: groups along the last axis would run along the outputs. */
    private static final Set<String> TRANSPOSED = Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");

    /**
     * A layer.
     *
     * @param name of its module: {@code model.layers.0.mlp.down_proj}
     * @param weight its weight's tensor
     */
    public record ModelLayer(String name, LayerType type, TensorInfo weight) {}

    /** Copies the lists. */
    public ModelLayers {
        layers = List.copyOf(layers);
        fusedExperts = List.copyOf(fusedExperts);
    }

    /**
     * The layers of a checkpoint.
     *
     * @throws UnsupportedQuantizationException when the family is known to store its matrices transposed
     */
    public static ModelLayers of(Checkpoint checkpoint) {
        ModelConfig config = new ModelConfig(checkpoint.config());
        String family = config.modelType().orElse("");
        if (TRANSPOSED.contains(family)) {
            throw new UnsupportedQuantizationException(
                    "the architecture \"" + family
                            + "\" stores its matrices transposed, which isn't supported; convert the checkpoint to linear layers first");
        }
        List<ModelLayer> layers = new ArrayList<>();
        List<String> fused = new ArrayList<>();
        for (TensorInfo tensor : checkpoint.tensors()) {
            typeOf(tensor).ifPresent(type -> layers.add(new ModelLayer(moduleOf(tensor), type, tensor)));
            if (tensor.shape().rank() == EXPERTS_RANK && tensor.name().contains("expert")) {
                fused.add(tensor.name());
            }
        }
        return new ModelLayers(layers, config.flag("tie_word_embeddings", false), fused);
    }

    /** The names of the layers of a type. */
    public List<String> names(LayerType type) {
        return layers.stream()
                .filter(layer -> layer.type() == type)
                .map(ModelLayer::name)
                .toList();
    }

    private static Optional<LayerType> typeOf(TensorInfo tensor) {
        if (!tensor.name().endsWith(WEIGHT) || !tensor.type().isWeightFloat()) {
            return Optional.empty();
        }
        return switch (tensor.shape().rank()) {
            case 2 -> Optional.of(TABLES.contains(lastPart(moduleOf(tensor))) ? LayerType.EMBEDDING : LayerType.LINEAR);
            case 4 -> Optional.of(LayerType.CONV2D);
            default -> Optional.empty();
        };
    }

    private static String moduleOf(TensorInfo tensor) {
        return tensor.name().substring(0, tensor.name().length() - WEIGHT.length());
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
