package dev.hadron.algorithm.rotation;

import dev.hadron.algorithm.layer.LayerResult;
import dev.hadron.algorithm.layer.LayerRun;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rotates a model of which nothing else is asked that looks at activations: weights are rotated and stored, and nothing is run. */
public final class RotationRun {
    private final DecoderSpec model;
    private final WeightSource rotated;
    private final Execution execution;

    /** A run over rotated weights. */
    public RotationRun(DecoderSpec model, WeightSource rotated, Execution execution) {
        this.model = model;
        this.rotated = rotated;
        this.execution = execution;
    }

    /** Gives the results from {@code first} on. */
    public void run(int first, LayerRun.Receiver receiver) throws IOException {
        int results = LayerRun.results(model);
        execution.progress().started("optimize", results, "layers");
        for (int result = first; result < results; result++) {
            execution.cancellation().check();
            execution.progress().advanced(result);
            try (Arena arena = Arena.ofShared()) {
                Map<String, Tensor> values = new HashMap<>();
                tensors(result).forEach(tensor -> values.put(tensor, rotated.load(tensor, arena)));
                receiver.accept(LayerResult.ofValues(values));
            }
        }
        execution.progress().advanced(results);
        execution.progress().finished();
    }

    private Collection<String> tensors(int result) {
        if (result == 0) {
            return List.of(DecoderSpec.EMBEDDING + ".weight");
        }
        return result <= model.layers()
                ? model.layer(result - 1).tensors().keySet()
                : List.of(DecoderSpec.FINAL_NORM + ".weight", DecoderSpec.HEAD + ".weight");
    }
}
