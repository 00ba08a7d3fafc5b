package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.config.ScaleLoss;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.LayerWeights;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Searches the factors of an entry on a grid of strengths: {@code s = max(x^ratio, 1e-4)}, divided by {@code sqrt(max(s) min(s))}, where {@code x}
 * are the magnitudes of the input's channels. The factors whose quantized module gives the output nearest to the module's own win, the weaker ones
 * where two are equal.
 */
public final class ScaleSearch {
    private static final float SMALLEST = 1e-4f;

    private final LayerWork work;
    private final ScalingEntry entry;
    private final List<Tensor> inputs;
    private final ScaleLoss loss;
    private final List<Tensor> outputs = new ArrayList<>();

    /** What a candidate is tried with. */
    public interface Candidate {
        /** The weights of the entry's layers under these factors; made in the innermost open scope. */
        Map<String, DeviceTensor> weights(float[] s);

        /** What else happens to the layer under these factors. */
        LinearHooks hooks(float[] s);

        /** A candidate that is nothing but its weights. */
        static Candidate ofWeights(Function<float[], Map<String, DeviceTensor>> weights) {
            return new Candidate() {
                @Override
                public Map<String, DeviceTensor> weights(float[] s) {
                    return weights.apply(s);
                }

                @Override
                public LinearHooks hooks(float[] s) {
                    return LinearHooks.NONE;
                }
            };
        }
    }

    /**
     * What was found.
     *
     * @param factors one a channel
     * @param point which of the grid, from 0
     * @param losses of each point
     */
    @SuppressWarnings("ArrayRecordComponent") // a column, compared by nobody
    public record Choice(float[] factors, int point, List<Double> losses) {}

    /**
     * A search.
     *
     * @param inputs of the inspected module, {@code [n, in]} each
     */
    public ScaleSearch(LayerWork work, ScalingEntry entry, List<Tensor> inputs, ScaleLoss loss) {
        this.work = work;
        this.entry = entry;
        this.inputs = inputs;
        this.loss = loss;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            try (TensorRuntime.Scope unused = work.runtime().scope()) {
                outputs.add(run(input, work.weights(), LinearHooks.NONE));
            }
        }
    }

    /** The best factors of {@code steps} of them, with ratios {@code i / steps}. */
    public Choice best(float[] magnitudes, int steps, Candidate candidate) {
        List<Double> losses = new ArrayList<>();
        int best = 0;
        for (int step = 0; step < steps; step++) {
            work.execution().cancellation().check();
            losses.add(loss(factors(magnitudes, (double) step / steps), candidate));
            best = losses.get(step) < losses.get(best) ? step : best;
        }
        return new Choice(factors(magnitudes, (double) best / steps), best, List.copyOf(losses));
    }

    /** The factors of a strength. */
    public static float[] factors(float[] magnitudes, double ratio) {
        float[] s = new float[magnitudes.length];
        float largest = Float.NEGATIVE_INFINITY;
        float smallest = Float.POSITIVE_INFINITY;
        for (int j = 0; j < s.length; j++) {
            s[j] = Math.max((float) Math.pow(magnitudes[j], ratio), SMALLEST);
            largest = Math.max(largest, s[j]);
            smallest = Math.min(smallest, s[j]);
        }
        float norm = (float) Math.sqrt(largest * smallest);
        for (int j = 0; j < s.length; j++) {
            s[j] /= norm;
        }
        return s;
    }

    private double loss(float[] s, Candidate candidate) {
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            LayerWeights weights = work.weights().with(candidate.weights(s));
            LinearHooks hooks = candidate.hooks(s);
            double[] sums = new double[inputs.size()];
            work.overItems(inputs.size(), item -> {
                LayerPass pass = pass(inputs.get(item), hooks).with(weights);
                DeviceTensor output =
                        entry.inspected().function().apply(pass, work.runtime().upload(inputs.get(item)));
                sums[item] = work.read(output, host -> distance(host, outputs.get(item)));
            });
            double sum = 0;
            for (double part : sums) {
                sum += part;
            }
            return sum / outputs.stream().mapToLong(Tensor::elements).sum();
        }
    }

    private LayerPass pass(Tensor input, LinearHooks hooks) {
        return work.pass(input.shape().extent(0), hooks);
    }

    private Tensor run(Tensor input, LayerWeights weights, LinearHooks hooks) {
        DeviceTensor output = entry.inspected()
                .function()
                .apply(pass(input, hooks).with(weights), work.runtime().upload(input));
        Tensor copy = Tensor.allocate(work.arena(), input.type(), dev.hadron.tensor.Shape.of(output.shape()));
        work.runtime().download(output, copy);
        for (long i = 0; i < copy.elements(); i++) {
            if (!Float.isFinite(copy.floatAt(i))) {
                throw new InvalidInputException(
                        "calibration: the output of " + entry.inspected().name()
                                + " holds NaN or infinity, first in channel "
                                + i % copy.shape().extent(1)
                                + ", so that the factors of " + entry.layers()
                                + " can't be found; the model or its weights are broken, or the text drives it there");
            }
        }
        return copy;
    }

    private double distance(Tensor a, Tensor b) {
        double[] sum = {0};
        float[] other = new float[Math.toIntExact(b.shape().extent(1))];
        HostRows.read(a, 0, a.shape().extent(0), (row, elements) -> {
            java.lang.foreign.MemorySegment.copy(
                    b.data(), Tensor.FLOAT, row * other.length * Float.BYTES, other, 0, other.length);
            sum[0] += switch (loss) {
                case MSE -> squares(elements, other);
                case MAE -> magnitudes(elements, other);
                case RMSE -> roots(elements, other);
            };
        });
        return sum[0];
    }

    private static double squares(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            double difference = a[j] - b[j];
            sum += difference * difference;
        }
        return sum;
    }

    private static double magnitudes(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += Math.abs(a[j] - b[j]);
        }
        return sum;
    }

    private static double roots(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += Math.sqrt(Math.abs(a[j] - b[j]));
        }
        return sum;
    }
}
