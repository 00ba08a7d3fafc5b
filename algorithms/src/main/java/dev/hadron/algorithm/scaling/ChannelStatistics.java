package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Magnitudes of the inputs of linear layers, channel by channel: their largest and their mean over all tokens. Sums run window by window, so that
 * they don't depend on which thread comes first.
 */
public final class ChannelStatistics {
    private final LayerWork work;
    private final Set<String> inputs;
    private final Map<String, Window[]> windows = new ConcurrentHashMap<>();

    /** What one window adds. */
    @SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
    private record Window(long tokens, float[] largest, double[] sums) {}

    /** Statistics of the inputs of these linear layers. */
    public ChannelStatistics(LayerWork work, Set<String> inputs) {
        this.work = work;
        this.inputs = Set.copyOf(inputs);
    }

    /** What looks at one window. */
    public LinearHooks ofWindow(int window) {
        return new LinearHooks() {
            @Override
            public DeviceTensor input(String layer, DeviceTensor x) {
                if (inputs.contains(layer)) {
                    work.runtime().read(x, host -> add(layer, window, of(HostRows.asMatrix(host))));
                }
                return x;
            }
        };
    }

    /** How many tokens passed the layer. */
    public long tokens(String input) {
        long tokens = 0;
        for (Window window : of(input)) {
            tokens += window == null ? 0 : window.tokens();
        }
        return tokens;
    }

    /** The largest magnitude of each channel. */
    public float[] largest(String input) {
        float[] largest = null;
        for (Window window : of(input)) {
            if (window != null) {
                largest = largest == null ? window.largest().clone() : largest;
                for (int j = 0; j < largest.length; j++) {
                    largest[j] = Math.max(largest[j], window.largest()[j]);
                }
            }
        }
        return requireFinite(input, Objects.requireNonNull(largest));
    }

    /** The mean magnitude of each channel. */
    public float[] mean(String input) {
        double[] sums = null;
        for (Window window : of(input)) {
            if (window != null) {
                sums = sums == null ? new double[window.sums().length] : sums;
                for (int j = 0; j < sums.length; j++) {
                    sums[j] += window.sums()[j];
                }
            }
        }
        double[] all = Objects.requireNonNull(sums);
        long tokens = tokens(input);
        float[] mean = new float[all.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = (float) (all[j] / tokens);
        }
        return requireFinite(input, mean);
    }

    private Window[] of(String input) {
        return windows.getOrDefault(input, new Window[0]);
    }

    private void add(String layer, int window, Window statistics) {
        windows.computeIfAbsent(layer, unused -> new Window[work.inputs().windows()])[window] = statistics;
    }

    private static Window of(dev.hadron.tensor.Tensor x) {
        int width = Math.toIntExact(x.shape().extent(1));
        float[] largest = new float[width];
        double[] sums = new double[width];
        HostRows.read(x, 0, x.shape().extent(0), (index, row) -> {
            for (int j = 0; j < width; j++) {
                float magnitude = Math.abs(row[j]);
                largest[j] = Math.max(largest[j], magnitude);
                sums[j] += magnitude;
            }
        });
        return new Window(x.shape().extent(0), largest, sums);
    }

    private static float[] requireFinite(String input, float[] values) {
        for (int j = 0; j < values.length; j++) {
            if (!Float.isFinite(values[j])) {
                throw notFinite(input, j);
            }
        }
        return values;
    }

    /** What is said of activations that are NaN or infinite. */
    public static InvalidInputException notFinite(String linear, int channel) {
        return new InvalidInputException("calibration: the input of layer " + linear
                + " holds NaN or infinity, first in channel " + channel
                + "; the model or its weights are broken, or the text drives it there: try another text");
    }
}
