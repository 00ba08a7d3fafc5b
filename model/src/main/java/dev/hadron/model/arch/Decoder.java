package dev.hadron.model.arch;

import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.WeightSource;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.io.IOException;
import java.util.List;

/**
 * Runs a decoder over windows of tokens, layer by layer.
 *
 * <p>All windows pass a layer before the next one is loaded, so memory holds one layer's weights and the residual stream of
 * the windows, however large the model is; a stream above {@link #STREAM_IN_MEMORY} lies in a temporary file. Each window is a forward pass of its own; several
 * pass at once on the caller's threads.
 */
public final class Decoder {
    /** Bytes up to which the residual stream of all windows is kept in memory: 1 GiB. */
    public static final long STREAM_IN_MEMORY = 1L << 30;

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
        new Lockstep(List.of(this))
                .run(
                        windows,
                        stage,
                        execution,
                        (layer, window, steps) ->
                                outputs.read(layer, window, steps.getFirst().output()),
                        (window, logits) -> reader.read(window, logits.getFirst()));
    }

    /** Runs all windows through all layers for what the hooks see of it, and not through the output matrix. */
    public void runLayers(List<long[]> windows, String stage, Execution execution) {
        new Lockstep(List.of(this)).runLayers(windows, stage, execution, (layer, window, steps) -> {});
    }

    DecoderSpec spec() {
        return model.spec();
    }

    TensorRuntime runtime() {
        return runtime;
    }

    LinearHooks hooks() {
        return hooks;
    }

    /** The way of these windows through this decoder, from its beginning. */
    DecoderWalk walk(List<long[]> windows) throws IOException {
        return new DecoderWalk(model, runtime, hooks, windows);
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
