package dev.hadron.model.arch;

import dev.hadron.model.WeightSource;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A decoder in parts, each loaded when it is asked for: the embedding table, the layers, the output matrix. What is loaded lives as long as
 * the innermost open scope of the runtime.
 */
public final class DecoderModel {
    private final DecoderSpec spec;
    private final WeightLoader loader;
    private final TensorRuntime runtime;

    /** A decoder whose tensors come from {@code weights}. */
    public DecoderModel(DecoderSpec spec, WeightSource weights, TensorRuntime runtime) {
        this.spec = spec;
        this.loader = new WeightLoader(weights, runtime);
        this.runtime = runtime;
    }

    /** What the model's configuration says. */
    public DecoderSpec spec() {
        return spec;
    }

    /** Where the tensors come from. */
    public WeightSource weights() {
        return loader.weights();
    }

    /** Stores the embedding of each window, {@code [n, hidden]}. */
    public void embed(List<long[]> windows, ActivationStore stream) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            DeviceTensor table = embeddingTable();
            for (int window = 0; window < windows.size(); window++) {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    DeviceTensor x = runtime.embed(table, runtime.indices(windows.get(window)));
                    StreamWindows.store(runtime, stream, window, x);
                }
            }
        }
    }

    /** The structure of a layer. */
    public DecoderLayer layer(int index) {
        return spec.layer(index);
    }

    /** The tensors of a layer. */
    public LayerWeights load(DecoderLayer layer) {
        return loader.load(layer.tensors());
    }

    /** The positions that a layer needs for windows of these lengths. */
    public LayerPositions positions(DecoderLayer layer, Collection<Integer> lengths) {
        return LayerPositions.of(runtime, spec, layer.index(), lengths);
    }

    /** The last norm and the output matrix. */
    public OutputHead head() {
        Linear head = Linear.of(LayerNames.HEAD, false, spec.vocabulary(), spec.hidden());
        String norm = LayerNames.weight(LayerNames.NORM);
        String matrix = LayerNames.weight(LayerNames.HEAD);
        LayerWeights weights = new LayerWeights(Map.of(
                norm,
                loader.load(norm, Shape.of(spec.hidden())),
                matrix,
                spec.tiedEmbeddings() ? embeddingTable() : loader.load(matrix, head.shape())));
        return new OutputHead(head, weights, spec.epsilon());
    }

    private DeviceTensor embeddingTable() {
        return loader.load(LayerNames.weight(LayerNames.EMBEDDING), Shape.of(spec.vocabulary(), spec.hidden()));
    }
}
