package dev.hadron.model.arch;

import dev.hadron.model.runtime.Activation;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * The gated feed-forward block: {@code down(act(gate(x)) * up(x))}.
 *
 * @param name the block's module
 */
record GatedFeedForward(String name, Linear gate, Linear up, Linear down, Activation activation)
        implements FeedForward {
    /** The block of a layer that every token passes. */
    static GatedFeedForward of(String name, DecoderSpec spec) {
        return of(name, MatrixNames.USUAL, spec.biases().feedForward(), spec.intermediate(), spec);
    }

    /** A block whose matrices have these names and this width between them. */
    static GatedFeedForward of(String name, MatrixNames names, boolean bias, int intermediate, DecoderSpec spec) {
        return new GatedFeedForward(
                name,
                Linear.of(name + "." + names.gate(), bias, intermediate, spec.hidden()),
                Linear.of(name + "." + names.up(), bias, intermediate, spec.hidden()),
                Linear.of(name + "." + names.down(), bias, spec.hidden(), intermediate),
                spec.activation());
    }

    @Override
    public void declare(Map<String, Shape> tensors) {
        gate.declare(tensors);
        up.declare(tensors);
        down.declare(tensors);
    }

    @Override
    public List<LayerStage> stages() {
        return List.of(
                new DenseStage(
                        LinearGroup.of(gate, up),
                        (pass, state) -> LayerState.of(state.stream(), gated(pass, state.value()))),
                new DenseStage(
                        LinearGroup.of(down),
                        (pass, state) ->
                                LayerState.of(pass.runtime().add(state.stream(), down.apply(pass, state.value())))));
    }

    @Override
    public List<LayerModule> modules() {
        return List.of(
                new LayerModule(name, gate.name(), false, this::apply),
                new LayerModule(gate.name(), gate.name(), false, gate::apply),
                new LayerModule(up.name(), up.name(), false, up::apply),
                new LayerModule(down.name(), down.name(), false, down::apply));
    }

    @Override
    public List<ScalingGroup> scalingGroups(String norm) {
        return List.of(new ScalingGroup(norm, List.of(gate.name(), up.name()), gate.name(), name), insideGroup());
    }

    /** What {@code up} and {@code down} can pass between each other. */
    ScalingGroup insideGroup() {
        return new ScalingGroup(up.name(), List.of(down.name()), down.name(), down.name());
    }

    @Override
    public List<String> writers() {
        return List.of(down.name());
    }

    @Override
    public DeviceTensor apply(LayerPass pass, DeviceTensor x) {
        return down.apply(pass, gated(pass, x));
    }

    /** What the last matrix reads. */
    DeviceTensor gated(LayerPass pass, DeviceTensor x) {
        DeviceTensor gates = pass.runtime().activate(gate.apply(pass, x), activation);
        return pass.runtime().multiply(gates, up.apply(pass, x));
    }
}
