package dev.hadron.pipeline;

import dev.hadron.model.arch.LayerStep;
import dev.hadron.model.arch.Lockstep;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.report.SignalToNoise;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;

/** Adds up how far two models' layers are apart: within a window token by token, then window by window, whatever the threads. */
final class LayerErrors implements Lockstep.StepReader {
    private static final SignalToNoise NOTHING = new SignalToNoise(0, 0);

    private final TensorRuntime runtime;
    private final Total[][] windows;

    /**
     * What was added up.
     *
     * @param stream of the residual stream that leaves the layer
     * @param added of what the layer adds to it
     * @param worst of the residual stream at the worst token
     * @param window which the worst token is in
     * @param position of the worst token; empty where none differs
     */
    record Total(SignalToNoise stream, SignalToNoise added, SignalToNoise worst, int window, OptionalInt position) {
        private Total plus(Total next) {
            Total worse = next.worst.decibels() < worst.decibels() ? next : this;
            return new Total(
                    stream.plus(next.stream), added.plus(next.added), worse.worst, worse.window, worse.position);
        }
    }

    LayerErrors(TensorRuntime runtime, int layers, int windows) {
        this.runtime = runtime;
        this.windows = new Total[layers][windows];
    }

    @Override
    public void read(int layer, int window, List<LayerStep> steps) {
        LayerStep base = steps.getFirst();
        LayerStep quantized = steps.getLast();
        runtime.readAll(
                List.of(base.input(), base.output(), quantized.input(), quantized.output()),
                tensors -> windows[layer][window] = ofWindow(window, tensors));
    }

    /** Of all windows. */
    Total of(int layer) {
        Total total = windows[layer][0];
        for (int window = 1; window < windows[layer].length; window++) {
            total = total.plus(windows[layer][window]);
        }
        return total;
    }

    private static Total ofWindow(int window, List<Tensor> tensors) {
        int tokens = Math.toIntExact(tensors.getFirst().shape().extent(0));
        int width = Math.toIntExact(tensors.getFirst().shape().extent(1));
        float[][] rows = new float[tensors.size()][width];
        Total total = new Total(NOTHING, NOTHING, NOTHING, window, OptionalInt.empty());
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(
                        tensors.get(i).data(), Tensor.FLOAT, (long) token * width * Float.BYTES, rows[i], 0, width);
            }
            SignalToNoise stream = stream(rows[1], rows[3]);
            OptionalInt differs = stream.noise() == 0 ? OptionalInt.empty() : OptionalInt.of(token);
            total = total.plus(new Total(stream, added(rows), stream, window, differs));
        }
        return total;
    }

    private static SignalToNoise stream(float[] base, float[] quantized) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < base.length; i++) {
            double error = (double) quantized[i] - base[i];
            signal += (double) base[i] * base[i];
            noise += error * error;
        }
        return new SignalToNoise(signal, noise);
    }

    private static SignalToNoise added(float[][] rows) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < rows[0].length; i++) {
            double base = (double) rows[1][i] - rows[0][i];
            double error = (double) rows[3][i] - rows[2][i] - base;
            signal += base * base;
            noise += error * error;
        }
        return new SignalToNoise(signal, noise);
    }
}
