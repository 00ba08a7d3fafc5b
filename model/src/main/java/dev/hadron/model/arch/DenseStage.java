package dev.hadron.model.arch;

import java.util.List;
import java.util.function.BiFunction;

/** A stage whose linear layers all read one tensor of all tokens. */
record DenseStage(LinearGroup group, BiFunction<LayerPass, LayerState, LayerState> step) implements LayerStage {
    @Override
    public List<LinearGroup> groups() {
        return List.of(group);
    }

    @Override
    public void inputs(LayerPass pass, LayerState state, InputReader reader) {
        reader.read(group, state.value());
    }

    @Override
    public LayerState advance(LayerPass pass, LayerState state) {
        return step.apply(pass, state);
    }
}
