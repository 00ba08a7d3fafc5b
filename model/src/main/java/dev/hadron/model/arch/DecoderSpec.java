package dev.hadron.model.arch;

import dev.hadron.model.runtime.Activation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that the decoder needs to know of a model, whatever its family.
 *
 * @param vocabulary the number of tokens
 * @param hidden the width of the residual stream
 * @param intermediate the width between the matrices of a feed-forward block
 * @param heads query heads
 * @param keyValueHeads heads of keys and values; divides {@code heads}
 * @param headWidth elements of a head
 * @param epsilon of the norms
 * @param activation of the feed-forward blocks
 * @param rope rotary position embedding
 * @param slidingWindows one entry a layer: how many keys a query sees, its own included, or all before it
 * @param experts one entry a layer: those of its feed-forward block, or none where it is dense
 * @param biases which of the matrices have one
 * @param headNorms whether queries and keys are normed head by head before they are rotated
 * @param tiedEmbeddings whether the embedding table is the output matrix too
 */
public record DecoderSpec(
        int vocabulary,
        int hidden,
        int intermediate,
        int heads,
        int keyValueHeads,
        int headWidth,
        float epsilon,
        Activation activation,
        Rope rope,
        List<OptionalInt> slidingWindows,
        List<Optional<Experts>> experts,
        Biases biases,
        boolean headNorms,
        boolean tiedEmbeddings) {
    /** The embedding table's module. */
    public static final String EMBEDDING = LayerNames.EMBEDDING;

    /** The norm after the last layer. */
    public static final String FINAL_NORM = LayerNames.NORM;

    /** The output matrix's module. */
    public static final String HEAD = LayerNames.HEAD;

    /** Which matrices have a bias. */
    public record Biases(boolean queryKeyValue, boolean attentionOutput, boolean feedForward) {}

    /** Copies the lists. */
    public DecoderSpec {
        slidingWindows = List.copyOf(slidingWindows);
        experts = List.copyOf(experts);
    }

    /** The same with experts, one entry a layer. */
    DecoderSpec withExperts(List<Optional<Experts>> others) {
        return with(others, tiedEmbeddings);
    }

    /** How many layers. */
    public int layers() {
        return slidingWindows.size();
    }

    /** The same model with an output matrix of its own. */
    public DecoderSpec untied() {
        return with(experts, false);
    }

    /** The structure of a layer, from 0. */
    public DecoderLayer layer(int index) {
        return new DecoderLayer(this, index);
    }

    private DecoderSpec with(List<Optional<Experts>> otherExperts, boolean tied) {
        return new DecoderSpec(
                vocabulary,
                hidden,
                intermediate,
                heads,
                keyValueHeads,
                headWidth,
                epsilon,
                activation,
                rope,
                slidingWindows,
                otherExperts,
                biases,
                headNorms,
                tied);
    }
}
