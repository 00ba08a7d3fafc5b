package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;

/** The gated feed-forward block of one layer: {@code down(act(gate(x)) * up(x))}. */
record FeedForward(Linear gate, Linear up, Linear down, DecoderSpec spec) {
    static FeedForward load(WeightLoader loader, LayerNames names, DecoderSpec spec) {
        boolean bias = spec.biases().feedForward();
        return new FeedForward(
                loader.linear(names.feedForward("gate_proj"), bias, spec.intermediate(), spec.hidden()),
                loader.linear(names.feedForward("up_proj"), bias, spec.intermediate(), spec.hidden()),
                loader.linear(names.feedForward("down_proj"), bias, spec.hidden(), spec.intermediate()),
                spec);
    }

    DeviceTensor apply(TensorRuntime runtime, LinearHooks hooks, DeviceTensor x) {
        DeviceTensor gated = runtime.activate(gate.apply(runtime, hooks, x), spec.activation());
        return down.apply(runtime, hooks, runtime.multiply(gated, up.apply(runtime, hooks, x)));
    }
}
