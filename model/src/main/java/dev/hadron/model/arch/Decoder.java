package dev.hadron.model.arch;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Runs a decoder over windows of tokens, layer by layer.
 *
 * <p>All windows pass a layer before the next one is loaded, so memory holds one layer's weights and the residual stream of
 * the windows, however large the model is. Each window is a forward pass of its own; several pass at once on the caller's threads.
 */
public final class Decoder {
    private final DecoderSpec spec;
    private final WeightLoader loader;
    private final TensorRuntime runtime;
    private final LinearHooks hooks;

    /**
     * A decoder.
     *
     * @param weights where its tensors come from
     * @param runtime what runs it
     * @param hooks who sees what passes its linear layers
     */
    public Decoder(DecoderSpec spec, WeightSource weights, TensorRuntime runtime, LinearHooks hooks) {
        this.spec = spec;
        this.loader = new WeightLoader(weights, runtime);
        this.runtime = runtime;
        this.hooks = hooks;
    }

    /**
     * Gets the logits of a window, {@code [n, vocabulary]}, which live until it returns. Called on several threads, in no particular
     * order.
     */
    @FunctionalInterface
    public interface LogitsReader {
        /** Logits of the window of that index. */
        void read(int window, DeviceTensor logits);
    }

    /** Passes over a window, embedding and output matrix included: what {@link #run} counts as progress. */
    public long passes(int windows) {
        return (long) windows * (spec.layers() + 1);
    }

    /**
     * Runs all windows through all layers and the output matrix.
     *
     * @param windows token ids, each window of the same length
     * @param stage what progress is reported as
     */
    public void run(List<long[]> windows, String stage, Execution execution, LogitsReader reader) {
        checkTokens(windows);
        int length = windows.getFirst().length;
        try (Arena arena = Arena.ofShared()) {
            Tensor stream = Tensor.allocate(arena, StorageType.F32, Shape.of(windows.size(), length, spec.hidden()));
            Passes passes = new Passes(windows.size(), hooks.needOrder(), stage, passes(windows.size()), execution);
            embed(windows, stream);
            for (int layer = 0; layer < spec.layers(); layer++) {
                runLayer(layer, stream, passes);
            }
            readLogits(stream, reader, passes);
        }
        execution.progress().finished();
    }

    private void embed(List<long[]> windows, Tensor stream) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            DeviceTensor table = embeddingTable();
            for (int w = 0; w < windows.size(); w++) {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    runtime.download(runtime.embed(table, runtime.indices(windows.get(w))), window(stream, w));
                }
            }
        }
    }

    private void runLayer(int layer, Tensor stream, Passes passes) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            DecoderLayer loaded = DecoderLayer.load(loader, layer, spec);
            int length = Math.toIntExact(stream.shape().extent(1));
            Positions positions = Positions.of(
                    runtime, spec.rope(), length, spec.slidingWindows().get(layer));
            passes.overWindows(w -> {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    Tensor slot = window(stream, w);
                    runtime.download(loaded.apply(runtime, hooks, runtime.upload(slot), positions), slot);
                }
            });
        }
    }

    private void readLogits(Tensor stream, LogitsReader reader, Passes passes) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            DeviceTensor norm = loader.load(LayerNames.weight(LayerNames.NORM), spec.hidden());
            Linear head = head();
            passes.overWindows(w -> {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    DeviceTensor normed = runtime.rmsNorm(runtime.upload(window(stream, w)), norm, spec.epsilon());
                    reader.read(w, head.apply(runtime, hooks, normed));
                }
            });
        }
    }

    private DeviceTensor embeddingTable() {
        return loader.load(LayerNames.weight(LayerNames.EMBEDDING), spec.vocabulary(), spec.hidden());
    }

    private Linear head() {
        return spec.tiedEmbeddings()
                ? new Linear(LayerNames.HEAD, embeddingTable(), null)
                : loader.linear(LayerNames.HEAD, false, spec.vocabulary(), spec.hidden());
    }

    private Tensor window(Tensor stream, int index) {
        long length = stream.shape().extent(1);
        long bytes = length * spec.hidden() * Float.BYTES;
        MemorySegment slice = stream.data().asSlice(index * bytes, bytes);
        return new Tensor(StorageType.F32, Shape.of(length, spec.hidden()), slice);
    }

    private void checkTokens(List<long[]> windows) {
        if (windows.isEmpty()) {
            throw new InvalidInputException("there is no window of tokens to run");
        }
        for (long[] window : windows) {
            for (long token : window) {
                if (token < 0 || token >= spec.vocabulary()) {
                    throw new InvalidInputException("the tokenizer gives token " + token
                            + ", but the model's vocab_size is " + spec.vocabulary()
                            + ": tokenizer.json doesn't belong to this model; get the one that does");
                }
            }
        }
    }
}
