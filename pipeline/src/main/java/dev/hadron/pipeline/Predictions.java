package dev.hadron.pipeline;

import dev.hadron.model.arch.Lockstep;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.report.Perplexity;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Compares what two models predict, window by window; keeps a number for each position and no logits. */
final class Predictions implements Lockstep.LogitsReader {
    private final TensorRuntime runtime;
    private final List<String> names;
    private final List<long[]> windows;
    private final double[][] losses;
    private final double[][] divergences;
    private final int[] agreeing;

    /**
     * Nothing yet.
     *
     * @param names of the two models, for messages
     */
    Predictions(TensorRuntime runtime, List<String> names, List<long[]> windows) {
        this.runtime = runtime;
        this.names = names;
        this.windows = windows;
        this.losses = new double[names.size()][windows.size()];
        this.divergences = new double[windows.size()][];
        this.agreeing = new int[windows.size()];
    }

    @Override
    public void read(int window, List<DeviceTensor> logits) {
        long[] tokens = windows.get(window);
        for (int model = 0; model < logits.size(); model++) {
            losses[model][window] = ServedDecoder.loss(runtime, logits.get(model), tokens, window, names.get(model));
        }
        runtime.readAll(logits, tensors -> compare(window, tensors.getFirst(), tensors.getLast()));
    }

    /** How well a model predicts all windows. */
    Perplexity perplexity(int model) {
        return Perplexity.of(losses[model], windows);
    }

    /** How well a model predicts a window. */
    Perplexity perplexity(int model, int window) {
        return Perplexity.of(new double[] {losses[model][window]}, List.of(windows.get(window)));
    }

    /** The divergence at each position of a window. */
    double[] divergences(int window) {
        return divergences[window];
    }

    /** The divergence at each position of the text. */
    double[] divergences() {
        return Arrays.stream(divergences).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The share of a window's positions where both predict the same. */
    double agreement(int window) {
        return (double) agreeing[window] / divergences[window].length;
    }

    /** The share of all positions where both predict the same. */
    double agreement() {
        return (double) Arrays.stream(agreeing).asLongStream().sum()
                / Arrays.stream(divergences).mapToLong(window -> window.length).sum();
    }

    private void compare(int window, Tensor base, Tensor quantized) {
        int vocabulary = Math.toIntExact(base.shape().extent(1));
        NextToken next = new NextToken(vocabulary);
        double[] values = new double[windows.get(window).length - 1];
        int agreed = 0;
        for (int position = 0; position < values.length; position++) {
            copyRow(base, position, next.base());
            copyRow(quantized, position, next.quantized());
            values[position] = next.divergence();
            if (next.agrees()) {
                agreed++;
            }
        }
        divergences[window] = values;
        agreeing[window] = agreed;
    }

    private static void copyRow(Tensor logits, int row, float[] target) {
        long at = (long) row * target.length * Float.BYTES;
        MemorySegment.copy(logits.data(), Tensor.FLOAT, at, target, 0, target.length);
    }
}
