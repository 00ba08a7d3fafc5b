package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import java.util.List;
import java.util.Map;

/** The feed-forward block of a decoder layer. */
interface FeedForward {
    /** Adds the block's tensors and their shapes. */
    void declare(Map<String, Shape> tensors);

    /** The block of a layer. */
    static FeedForward of(String layer, DecoderSpec spec, int index) {
        return spec.experts()
                .get(index)
                .<FeedForward>map(experts -> SparseFeedForward.of(layer + "." + experts.block(), experts, spec))
                .orElseGet(() -> GatedFeedForward.of(layer + ".mlp", spec));
    }

    /** From the residual stream and its norm to the layer's output. */
    List<LayerStage> stages();

    /** The block and its parts, those that can be run by themselves. */
    List<LayerModule> modules();

    /** What the norm before the block and the block's matrices can pass between each other. */
    List<ScalingGroup> scalingGroups(String norm);

    /** The linear layers that give the block's output, of one expert or of all. */
    List<String> writers();

    /** Linear layers that do the same work for other tokens, in groups: the same matrix of each expert. */
    default List<List<String>> alternatives() {
        return List.of();
    }

    /** The block's output, without the residual stream. */
    DeviceTensor apply(LayerPass pass, DeviceTensor x);
}
