package dev.hadron.model.arch;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.WeightSource;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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

    /** Stores the embedding of each window, {@code [n, hidden]}. Of the table, which may be larger than any layer, only the rows of its tokens are read. */
    public void embed(List<long[]> windows, ActivationStore stream) {
        long[] tokens = windows.stream()
                .flatMapToLong(Arrays::stream)
                .distinct()
                .sorted()
                .toArray();
        try (Arena arena = Arena.ofShared()) {
            Tensor table = weights().loadRows(LayerNames.weight(LayerNames.EMBEDDING), tokens, arena);
            requireWidth(table);
            for (int window = 0; window < windows.size(); window++) {
                try (Arena ofWindow = Arena.ofConfined()) {
                    stream.put(window, List.of(embedded(windows.get(window), tokens, table, ofWindow)));
                }
            }
        }
    }

    private static Tensor embedded(long[] window, long[] tokens, Tensor table, Arena arena) {
        long row = table.shape().extent(1) * Float.BYTES;
        Tensor x = Tensor.allocate(
                arena, StorageType.F32, Shape.of(window.length, table.shape().extent(1)));
        for (int i = 0; i < window.length; i++) {
            MemorySegment.copy(table.data(), Arrays.binarySearch(tokens, window[i]) * row, x.data(), i * row, row);
        }
        return x;
    }

    private void requireWidth(Tensor table) {
        if (table.shape().extent(1) != spec.hidden()) {
            throw new CheckpointFormatException(
                    "the tensor " + LayerNames.weight(LayerNames.EMBEDDING) + " has rows of "
                            + table.shape().extent(1) + ", but config.json describes a model in which they have "
                            + spec.hidden());
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
        String table = LayerNames.weight(spec.tiedEmbeddings() ? LayerNames.EMBEDDING : LayerNames.HEAD);
        LayerWeights weights = new LayerWeights(Map.of(
                norm,
                loader.load(norm, Shape.of(spec.hidden())),
                LayerNames.weight(LayerNames.HEAD),
                loader.load(table, head.shape())));
        return new OutputHead(head, weights, spec.epsilon());
    }
}
