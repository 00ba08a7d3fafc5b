package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * Self-attention of one layer: four matrices and, in some families, norms on the heads of queries and keys.
 *
 * @param name the block's module
 */
record Attention(String name, Linear query, Linear key, Linear value, Linear output, DecoderSpec spec) {
    private static final String QUERY_NORM = ".q_norm.weight";
    private static final String KEY_NORM = ".k_norm.weight";

    static Attention of(String name, DecoderSpec spec) {
        long queries = (long) spec.heads() * spec.headWidth();
        long keys = (long) spec.keyValueHeads() * spec.headWidth();
        boolean bias = spec.biases().queryKeyValue();
        return new Attention(
                name,
                Linear.of(name + ".q_proj", bias, queries, spec.hidden()),
                Linear.of(name + ".k_proj", bias, keys, spec.hidden()),
                Linear.of(name + ".v_proj", bias, keys, spec.hidden()),
                Linear.of(name + ".o_proj", spec.biases().attentionOutput(), spec.hidden(), queries),
                spec);
    }

    void declare(Map<String, Shape> tensors) {
        List.of(query, key, value, output).forEach(linear -> linear.declare(tensors));
        if (spec.headNorms()) {
            tensors.put(name + QUERY_NORM, Shape.of(spec.headWidth()));
            tensors.put(name + KEY_NORM, Shape.of(spec.headWidth()));
        }
    }

    List<LayerModule> modules() {
        return List.of(
                new LayerModule(name, query.name(), true, this::apply),
                new LayerModule(query.name(), query.name(), false, query::apply),
                new LayerModule(key.name(), key.name(), false, key::apply),
                new LayerModule(value.name(), value.name(), false, value::apply),
                new LayerModule(output.name(), output.name(), false, output::apply));
    }

    List<ScalingGroup> scalingGroups(String norm) {
        return List.of(
                new ScalingGroup(norm, List.of(query.name(), key.name(), value.name()), query.name(), name),
                new ScalingGroup(value.name(), List.of(output.name()), output.name(), output.name()));
    }

    DeviceTensor apply(LayerPass pass, DeviceTensor x) {
        return output.apply(pass, mixed(pass, x));
    }

    /** What the output matrix reads, {@code [n, heads * width]}. */
    DeviceTensor mixed(LayerPass pass, DeviceTensor x) {
        var runtime = pass.runtime();
        DeviceTensor q = heads(pass, query.apply(pass, x), spec.heads(), QUERY_NORM);
        DeviceTensor k = heads(pass, key.apply(pass, x), spec.keyValueHeads(), KEY_NORM);
        DeviceTensor v = runtime.splitHeads(value.apply(pass, x), spec.keyValueHeads());
        Positions positions = pass.positions();
        DeviceTensor mixed = runtime.attention(
                pass.hooks().queries(name, runtime.rotate(q, positions.cos(), positions.sin())),
                pass.hooks().keys(name, runtime.rotate(k, positions.cos(), positions.sin())),
                v,
                positions.mask());
        return runtime.mergeHeads(mixed);
    }

    private DeviceTensor heads(LayerPass pass, DeviceTensor x, int heads, String norm) {
        DeviceTensor split = pass.runtime().splitHeads(x, heads);
        return spec.headNorms()
                ? pass.runtime().rmsNorm(split, pass.weights().get(name + norm), spec.epsilon())
                : split;
    }
}
