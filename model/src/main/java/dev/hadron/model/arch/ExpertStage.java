package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiFunction;

/**
 * A stage whose linear layers read the tokens of their expert.
 *
 * @param groups one an expert
 * @param inputs what each expert that has tokens reads
 */
record ExpertStage(
        List<LinearGroup> groups,
        BiFunction<LayerPass, LayerState, SortedMap<Integer, DeviceTensor>> inputs,
        BiFunction<LayerPass, LayerState, LayerState> step)
        implements LayerStage {
    @Override
    public void inputs(LayerPass pass, LayerState state, InputReader reader) {
        inputs.apply(pass, state).forEach((expert, x) -> reader.read(groups.get(expert), x));
    }

    @Override
    public LayerState advance(LayerPass pass, LayerState state) {
        return step.apply(pass, state);
    }
}
