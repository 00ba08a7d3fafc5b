package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import org.jspecify.annotations.Nullable;

/** Self-attention of one layer: four matrices and, in some families, norms on the heads of queries and keys. */
record Attention(
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        @Nullable DeviceTensor queryNorm,
        @Nullable DeviceTensor keyNorm,
        DecoderSpec spec) {
    static Attention load(WeightLoader loader, LayerNames names, DecoderSpec spec) {
        long queries = (long) spec.heads() * spec.headWidth();
        long keys = (long) spec.keyValueHeads() * spec.headWidth();
        boolean bias = spec.biases().queryKeyValue();
        return new Attention(
                loader.linear(names.attention("q_proj"), bias, queries, spec.hidden()),
                loader.linear(names.attention("k_proj"), bias, keys, spec.hidden()),
                loader.linear(names.attention("v_proj"), bias, keys, spec.hidden()),
                loader.linear(names.attention("o_proj"), spec.biases().attentionOutput(), spec.hidden(), queries),
                headNorm(loader, names.attention("q_norm"), spec),
                headNorm(loader, names.attention("k_norm"), spec),
                spec);
    }

    private static @Nullable DeviceTensor headNorm(WeightLoader loader, String module, DecoderSpec spec) {
        return spec.headNorms() ? loader.load(LayerNames.weight(module), spec.headWidth()) : null;
    }

    DeviceTensor apply(TensorRuntime runtime, LinearHooks hooks, DeviceTensor x, Positions positions) {
        DeviceTensor q = heads(runtime, query.apply(runtime, hooks, x), spec.heads(), queryNorm);
        DeviceTensor k = heads(runtime, key.apply(runtime, hooks, x), spec.keyValueHeads(), keyNorm);
        DeviceTensor v = runtime.splitHeads(value.apply(runtime, hooks, x), spec.keyValueHeads());
        DeviceTensor mixed = runtime.attention(
                runtime.rotate(q, positions.cos(), positions.sin()),
                runtime.rotate(k, positions.cos(), positions.sin()),
                v,
                positions.mask());
        return output.apply(runtime, hooks, runtime.mergeHeads(mixed));
    }

    private DeviceTensor heads(TensorRuntime runtime, DeviceTensor x, int heads, @Nullable DeviceTensor norm) {
        DeviceTensor split = runtime.splitHeads(x, heads);
        return norm == null ? split : runtime.rmsNorm(split, norm, spec.epsilon());
    }
}
