package dev.hadron.model.arch;

import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Runs a decoder over windows of tokens, layer by layer.
 *
 * <p>All windows pass a layer before the next one is loaded, so memory holds one layer's weights and the residual stream of
 * the windows, however large the model is; a stream above {@value #STREAM_IN_MEMORY} bytes lies in a temporary file. Each window is a forward
 * pass of its own; several pass at once on the caller's threads.
 */
public final class Decoder {
    private static final long STREAM_IN_MEMORY = 1L << 30;

    private final DecoderModel model;
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
        this.model = new DecoderModel(spec, weights, runtime);
        this.runtime = runtime;
        this.hooks = hooks;
    }

    /**
     * Gets a tensor of a window that lives until it returns. Called on several threads, in no particular order.
     */
    @FunctionalInterface
    public interface WindowReader {
        /** The tensor of the window of that index. */
        void read(int window, DeviceTensor x);
    }

    /** Gets what each window carries after a layer. */
    @FunctionalInterface
    public interface LayerReader {
        /** The output of a layer for the window of that index, {@code [n, hidden]}, which lives until it returns. */
        void read(int layer, int window, DeviceTensor output);
    }

    /** Passes over a window, embedding and output matrix included: what {@link #run} counts as progress. */
    public long passes(int windows) {
        return (long) windows * (model.spec().layers() + 1);
    }

    /**
     * Runs all windows through all layers and the output matrix.
     *
     * @param windows token ids, of any lengths
     * @param stage what progress is reported as
     * @param reader gets the logits, {@code [n, vocabulary]}
     */
    public void run(List<long[]> windows, String stage, Execution execution, WindowReader reader) {
        run(windows, stage, execution, (layer, window, output) -> {}, reader);
    }

    /** As {@link #run(List, String, Execution, WindowReader)}, with a look at what leaves each layer. */
    public void run(List<long[]> windows, String stage, Execution execution, LayerReader outputs, WindowReader reader) {
        requireTokens(windows, model.spec().vocabulary());
        long tokens = windows.stream().mapToLong(window -> window.length).sum();
        try (ActivationStore stream =
                ActivationStore.temporary(tokens * model.spec().hidden() * Float.BYTES, STREAM_IN_MEMORY)) {
            Passes passes = new Passes(windows.size(), hooks.needOrder(), stage, passes(windows.size()), execution);
            model.embed(windows, stream);
            for (int layer = 0; layer < model.spec().layers(); layer++) {
                runLayer(model.layer(layer), stream, passes, outputs);
            }
            readLogits(stream, reader, passes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execution.progress().finished();
    }

    private void runLayer(DecoderLayer layer, ActivationStore stream, Passes passes, LayerReader outputs) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            LayerWeights weights = model.load(layer);
            LayerPositions positions = model.positions(layer, StreamWindows.lengths(stream));
            passes.overWindows(window -> {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    DeviceTensor x = StreamWindows.load(runtime, stream, window);
                    LayerPass pass = new LayerPass(runtime, hooks, weights, positions.ofLength((int) x.shape()[0]));
                    DeviceTensor output = layer.apply(pass, x);
                    outputs.read(layer.index(), window, output);
                    StreamWindows.store(runtime, stream, window, output);
                }
            });
        }
    }

    private void readLogits(ActivationStore stream, WindowReader reader, Passes passes) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            OutputHead head = model.head();
            passes.overWindows(window -> {
                try (TensorRuntime.Scope inner = runtime.scope()) {
                    reader.read(window, head.logits(runtime, hooks, StreamWindows.load(runtime, stream, window)));
                }
            });
        }
    }

    /**
     * Checks that a model knows all tokens.
     *
     * @throws InvalidInputException naming the first that it doesn't
     */
    public static void requireTokens(List<long[]> windows, int vocabulary) {
        if (windows.isEmpty()) {
            throw new InvalidInputException("there is no window of tokens to run");
        }
        for (long[] window : windows) {
            for (long token : window) {
                if (token < 0 || token >= vocabulary) {
                    throw new InvalidInputException("the tokenizer gives token " + token
                            + ", but the model's vocab_size is " + vocabulary
                            + ": tokenizer.json doesn't belong to this model; get the one that does");
                }
            }
        }
    }
}
