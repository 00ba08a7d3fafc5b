package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.dtype.StorageType;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Inputs of linear layers, kept while a layer is worked on: evenly spaced tokens of all windows or, where tokens of a window depend on each
 * other, evenly spaced whole windows.
 */
public final class InputSamples {
    private final LayerWork work;
    private final Set<String> tokenwise;
    private final Set<String> windowwise;
    private final long[] offsets;
    private final long tokens;
    private final int mostTokens;
    private final Map<String, Tensor[]> kept = new ConcurrentHashMap<>();

    /**
     * Samples of the inputs of linear layers.
     *
     * @param tokenwise those of which tokens are kept
     * @param windowwise those of which whole windows are kept
     * @param mostTokens about how many tokens are kept of each; all where there aren't more
     */
    public InputSamples(LayerWork work, Set<String> tokenwise, Set<String> windowwise, int mostTokens) {
        this.work = work;
        this.tokenwise = Set.copyOf(tokenwise);
        this.windowwise = Set.copyOf(windowwise);
        this.mostTokens = mostTokens;
        List<Integer> lengths = StreamWindows.lengths(work.inputs());
        offsets = new long[lengths.size()];
        long at = 0;
        for (int window = 0; window < offsets.length; window++) {
            offsets[window] = at;
            at += lengths.get(window);
        }
        tokens = at;
    }

    /** What keeps the samples of one window. */
    public LinearHooks ofWindow(int window) {
        return new LinearHooks() {
            @Override
            public DeviceTensor input(String layer, DeviceTensor x) {
                if (tokenwise.contains(layer)) {
                    work.runtime().read(x, host -> keep("t:" + layer, window, rows(host, window)));
                }
                if (windowwise.contains(layer) && isChosen(window)) {
                    work.runtime()
                            .read(
                                    x,
                                    host -> keep(
                                            "w:" + layer,
                                            window,
                                            copy(host, 0, host.shape().extent(0), 1)));
                }
                return x;
            }
        };
    }

    /** The kept tokens of an input, in the order of the windows, {@code [n, in]} each. */
    public List<Tensor> tokens(String linear) {
        return present("t:" + linear);
    }

    /** The kept windows of an input, {@code [n, in]} each. */
    public List<Tensor> windows(String linear) {
        return present("w:" + linear);
    }

    private List<Tensor> present(String key) {
        List<Tensor> present = new ArrayList<>();
        for (Tensor tensor : kept.getOrDefault(key, new Tensor[0])) {
            if (tensor != null && tensor.elements() > 0) {
                present.add(tensor);
            }
        }
        return present;
    }

    private long stride() {
        return Math.max(1, tokens / mostTokens);
    }

    private boolean isChosen(int window) {
        int windows = offsets.length;
        long chosen = Math.clamp(Math.ceilDiv((long) mostTokens * windows, tokens), 1, windows);
        return window * chosen / windows != (window + 1L) * chosen / windows;
    }

    private Tensor rows(Tensor x, int window) {
        long stride = stride();
        long first = Math.floorMod(-offsets[window], stride);
        return copy(x, first, Math.max(0, Math.ceilDiv(x.shape().extent(0) - first, stride)), stride);
    }

    private Tensor copy(Tensor x, long first, long count, long stride) {
        long width = x.shape().extent(1);
        Tensor rows = Tensor.allocate(work.arena(), StorageType.F32, Shape.of(count, width));
        for (long row = 0; row < count; row++) {
            MemorySegment.copy(
                    x.data(),
                    (first + row * stride) * width * Float.BYTES,
                    rows.data(),
                    row * width * Float.BYTES,
                    width * Float.BYTES);
        }
        return rows;
    }

    private void keep(String key, int window, Tensor sample) {
        kept.computeIfAbsent(key, unused -> new Tensor[offsets.length])[window] = sample;
    }
}
