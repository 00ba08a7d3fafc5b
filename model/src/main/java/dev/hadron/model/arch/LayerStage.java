package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import java.util.List;

/**
 * A part of a decoder layer, from the tensors that some of its linear layers read to those that the next ones read. Between two stages an
 * algorithm can exchange the weights of the next one, and nothing before it needs to be run again.
 */
public interface LayerStage {
    /** The linear layers of this stage, by the tensor that they read. */
    List<LinearGroup> groups();

    /** Shows what each group will read, before the hooks see it; a group that gets no token isn't shown. */
    void inputs(LayerPass pass, LayerState state, InputReader reader);

    /** Runs the stage. */
    LayerState advance(LayerPass pass, LayerState state);

    /** Takes the input of a group, {@code [tokens, in]}. */
    @FunctionalInterface
    interface InputReader {
        /** Called once a group. */
        void read(LinearGroup group, DeviceTensor x);
    }
}
