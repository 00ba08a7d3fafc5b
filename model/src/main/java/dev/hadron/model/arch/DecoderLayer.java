package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;

/** One layer: attention and a feed-forward block, each behind a norm and added to what came in. */
record DecoderLayer(
        DeviceTensor attentionNorm,
        Attention attention,
        DeviceTensor feedForwardNorm,
        FeedForward feedForward,
        DecoderSpec spec) {
    static DecoderLayer load(WeightLoader loader, int layer, DecoderSpec spec) {
        LayerNames names = LayerNames.ofLayer(layer);
        return new DecoderLayer(
                loader.load(LayerNames.weight(names.norm("input_layernorm")), spec.hidden()),
                Attention.load(loader, names, spec),
                loader.load(LayerNames.weight(names.norm("post_attention_layernorm")), spec.hidden()),
                FeedForward.load(loader, names, spec),
                spec);
    }

    DeviceTensor apply(TensorRuntime runtime, LinearHooks hooks, DeviceTensor x, Positions positions) {
        DeviceTensor normed = runtime.rmsNorm(x, attentionNorm, spec.epsilon());
        DeviceTensor attended = runtime.add(x, attention.apply(runtime, hooks, normed, positions));
        DeviceTensor normedAgain = runtime.rmsNorm(attended, feedForwardNorm, spec.epsilon());
        return runtime.add(attended, feedForward.apply(runtime, hooks, normedAgain));
    }
}
