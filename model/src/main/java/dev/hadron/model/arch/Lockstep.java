package dev.hadron.model.arch;

import dev.hadron.execution.Execution;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs decoders over the same windows, layer by layer: all windows pass a layer of each decoder before the next layer is loaded. So
 * memory holds one layer of each, then one output matrix of each, besides their residual streams.
 */
public final class Lockstep {
    private final List<Decoder> decoders;
    private final int layers;
    private final TensorRuntime runtime;

    /**
     * Decoders to run.
     *
     * @param decoders at least one, all of as many layers and on one runtime
     */
    public Lockstep(List<Decoder> decoders) {
        this.decoders = List.copyOf(decoders);
        this.layers = decoders.getFirst().spec().layers();
        this.runtime = decoders.getFirst().runtime();
        for (Decoder decoder : decoders) {
            if (decoder.spec().layers() != layers || !decoder.runtime().equals(runtime)) {
                throw new IllegalArgumentException("decoders in lockstep have as many layers and one runtime");
            }
        }
    }

    /** Gets what a window does in a layer. Called on several threads, in no particular order. */
    @FunctionalInterface
    public interface StepReader {
        /** The steps of the window of that index, one for each decoder. */
        void read(int layer, int window, List<LayerStep> steps);
    }

    /** Gets the logits of a window. Called on several threads, in no particular order. */
    @FunctionalInterface
    public interface LogitsReader {
        /** {@code [n, vocabulary]} of each decoder, which live until it returns. */
        void read(int window, List<DeviceTensor> logits);
    }

    /**
     * Runs all windows through all layers and the output matrices. What the decoders do with a window in a layer counts as one pass.
     *
     * @param windows token ids, of any lengths
     * @param stage what progress is reported as
     */
    public void run(List<long[]> windows, String stage, Execution execution, StepReader steps, LogitsReader reader) {
        walk(windows, stage, execution, steps, reader);
    }

    /** As {@link #run}, without the output matrices, which are often larger than any layer. */
    public void runLayers(List<long[]> windows, String stage, Execution execution, StepReader steps) {
        walk(windows, stage, execution, steps, null);
    }

    private void walk(
            List<long[]> windows, String stage, Execution execution, StepReader steps, @Nullable LogitsReader reader) {
        decoders.forEach(
                decoder -> Decoder.requireTokens(windows, decoder.spec().vocabulary()));
        boolean inOrder = decoders.stream().anyMatch(decoder -> decoder.hooks().needOrder());
        long total = (long) windows.size() * (reader == null ? layers : layers + 1);
        Passes passes = new Passes(windows.size(), inOrder, stage, total, execution);
        List<DecoderWalk> walks = new ArrayList<>();
        try {
            for (Decoder decoder : decoders) {
                DecoderWalk walk = decoder.walk(windows);
                walks.add(walk);
                walk.embed(windows);
            }
            for (int layer = 0; layer < layers; layer++) {
                runLayer(layer, walks, passes, steps);
            }
            if (reader != null) {
                readLogits(walks, passes, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            walks.forEach(DecoderWalk::close);
        }
        execution.progress().finished();
    }

    private void runLayer(int layer, List<DecoderWalk> walks, Passes passes, StepReader reader) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            List<IntFunction<LayerStep>> loaded =
                    walks.stream().map(walk -> walk.layer(layer)).toList();
            overWindows(passes, window -> reader.read(layer, window, each(loaded, window)));
        }
    }

    private void readLogits(List<DecoderWalk> walks, Passes passes, LogitsReader reader) {
        try (TensorRuntime.Scope unused = runtime.scope()) {
            List<IntFunction<DeviceTensor>> loaded =
                    walks.stream().map(DecoderWalk::head).toList();
            overWindows(passes, window -> reader.read(window, each(loaded, window)));
        }
    }

    private void overWindows(Passes passes, IntConsumer pass) {
        passes.overWindows(window -> {
            try (TensorRuntime.Scope unused = runtime.scope()) {
                pass.accept(window);
            }
        });
    }

    private static <T> List<T> each(List<IntFunction<T>> loaded, int window) {
        return loaded.stream().map(one -> one.apply(window)).toList();
    }
}
