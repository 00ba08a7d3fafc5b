package dev.hadron.model.arch;

import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;

/** What the windows of a text carry on their way through one decoder. */
final class DecoderWalk implements AutoCloseable {
    private final DecoderModel model;
    private final TensorRuntime runtime;
    private final LinearHooks hooks;
    private final ActivationStore stream;

    DecoderWalk(DecoderModel model, TensorRuntime runtime, LinearHooks hooks, List<long[]> windows) throws IOException {
        this.model = model;
        this.runtime = runtime;
        this.hooks = hooks;
        long tokens = windows.stream().mapToLong(window -> window.length).sum();
        this.stream = ActivationStore.temporary(tokens * model.spec().hidden() * Float.BYTES, Decoder.STREAM_IN_MEMORY);
    }

    void embed(List<long[]> windows) {
        model.embed(windows, stream);
    }

    /** Loads a layer for as long as the innermost scope is open; what comes back takes a window, by its index, through it. */
    IntFunction<LayerStep> layer(int index) {
        DecoderLayer layer = model.layer(index);
        LayerWeights weights = model.load(layer);
        LayerPositions positions = model.positions(layer, StreamWindows.lengths(stream));
        return window -> {
            DeviceTensor x = StreamWindows.load(runtime, stream, window);
            LayerPass pass = new LayerPass(runtime, hooks, weights, positions.ofLength((int) x.shape()[0]));
            DeviceTensor output = layer.apply(pass, x);
            StreamWindows.store(runtime, stream, window, output);
            return new LayerStep(x, output);
        };
    }

    /** Loads the output matrix likewise; what comes back gives the logits of a window, {@code [n, vocabulary]}. */
    IntFunction<DeviceTensor> head() {
        OutputHead head = model.head();
        return window -> head.logits(runtime, hooks, StreamWindows.load(runtime, stream, window));
    }

    @Override
    public void close() {
        stream.close();
    }
}
