package dev.hadron.model;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.LayerType;
import java.util.Optional;
import java.util.Set;

/**
 * What a tensor is, by its name and shape alone, so that families that nobody taught this project can be quantized too. See
 * {@code docs/layers.md}.
 */
final class LayerRules {
    private static final String WEIGHT = ".weight";
    private static final int EXPERTS_RANK = 3;
    private static final int CONV2D_RANK = 4;
    private static final Set<String> TABLES =
            Set.of("wte", "wpe", "embed_tokens", "embed_in", "embed_positions", "relative_attention_bias");
    private static final Set<String> TABLE_ENDINGS = Set.of("embedding", "embeddings");
    /** T5's table, whose name alone says nothing. */
    private static final String SHARED = "shared";
    /** Families whose layers are matrices {@code [in, out]}. */
    private static final Set<String> TRANSPOSED = Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");
    /** Names of these matrices; the output matrix of the same models is stored like any other. */
    private static final Set<String> CONV1D = Set.of("c_attn", "q_attn", "c_proj", "c_fc");

    private final String family;
    private final Optional<Long> vocabulary;

    LayerRules(ModelConfig config) {
        this.family = config.modelType().orElse("");
        this.vocabulary = Optional.of(config.node().path("vocab_size"))
                .filter(size -> size.isIntegralNumber())
                .map(size -> size.longValue());
    }

    /** What a tensor is. */
    sealed interface Verdict {}

    /** The weight of a layer. */
    record Layer(LayerType type) implements Verdict {}

    /** Nothing that a configuration can speak of. */
    record NoLayer(NotALayer reason) implements Verdict {}

    Verdict of(TensorInfo tensor) {
        if (isWeightFloat(tensor) && isWeight(tensor) && tensor.shape().rank() == CONV2D_RANK) {
            return new Layer(LayerType.CONV2D);
        }
        Optional<NotALayer> reason = notLinear(tensor);
        if (reason.isPresent()) {
            return new NoLayer(reason.get());
        }
        return new Layer(isTable(tensor) ? LayerType.EMBEDDING : LayerType.LINEAR);
    }

    /** Why a tensor can't be taken as a linear layer whatever anybody says; empty when it can. */
    Optional<NotALayer> notLinear(TensorInfo tensor) {
        int rank = tensor.shape().rank();
        if (!isWeightFloat(tensor)) {
            return Optional.of(NotALayer.OTHER_TYPE);
        }
        if (rank < 2) {
            return Optional.of(lastPart(tensor.name()).endsWith("bias") ? NotALayer.BIAS : NotALayer.VECTOR);
        }
        if (rank == EXPERTS_RANK && tensor.name().contains("expert")) {
            return Optional.of(NotALayer.SEVERAL_EXPERTS);
        }
        if (rank > 2) {
            return Optional.of(NotALayer.OTHER_RANK);
        }
        if (!isWeight(tensor)) {
            return Optional.of(NotALayer.OTHER_NAME);
        }
        return TRANSPOSED.contains(family) && CONV1D.contains(lastPart(moduleOf(tensor)))
                ? Optional.of(NotALayer.TRANSPOSED)
                : Optional.empty();
    }

    /** The module that a tensor belongs to, or its own name. */
    static String moduleOf(TensorInfo tensor) {
        String name = tensor.name();
        return isWeight(tensor) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }

    static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean isWeight(TensorInfo tensor) {
        return tensor.name().endsWith(WEIGHT);
    }

    private static boolean isWeightFloat(TensorInfo tensor) {
        return tensor.type().isWeightFloat();
    }

    private boolean isTable(TensorInfo tensor) {
        String name = lastPart(moduleOf(tensor));
        return TABLES.contains(name)
                || TABLE_ENDINGS.stream().anyMatch(ending -> name.equals(ending) || name.endsWith("_" + ending))
                || (name.equals(SHARED)
                        && vocabulary
                                .filter(rows -> rows == tensor.shape().extent(0))
                                .isPresent());
    }
}
