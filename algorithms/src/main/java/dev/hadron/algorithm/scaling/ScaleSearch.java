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
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
        /** The weights of the entry's layers under these factors, until others are asked for. */
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
     * @param losses of each point that was compared on all inputs, infinite for the others
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

    /**
     * The best factors of {@code steps} of them, with ratios {@code i / steps}. Where there are many tokens, all candidates are compared on a small
     * part of the inputs, and the better half of them, again and again, on twice as many.
     */
    public Choice best(float[] magnitudes, int steps, Candidate candidate) {
        double[] sums = new double[steps];
        List<Integer> left = IntStream.range(0, steps).boxed().toList();
        for (Iterator<int[]> rounds = rounds().iterator(); rounds.hasNext(); ) {
            int[] items = rounds.next();
            for (int step : left) {
                work.execution().cancellation().check();
                sums[step] += distance(factors(magnitudes, (double) step / steps), candidate, items);
            }
            left = rounds.hasNext() ? betterHalf(left, sums) : left;
        }
        int best = Collections.min(left, Comparator.comparingDouble(step -> sums[step]));
        long elements = outputs.stream().mapToLong(Tensor::elements).sum();
        List<Integer> compared = left;
        List<Double> losses = IntStream.range(0, steps)
                .mapToObj(step -> compared.contains(step) ? sums[step] / elements : Double.POSITIVE_INFINITY)
                .toList();
        return new Choice(factors(magnitudes, (double) best / steps), best, losses);
    }

    /** Which inputs candidates are compared on, one round after the other. */
    private List<int[]> rounds() {
        long tokens =
                inputs.stream().mapToLong(input -> input.shape().extent(0)).sum();
        // Of as many as are kept of long texts, some tell which candidates aren't the best.
        if (tokens < FactorSearch.TOKENS || inputs.size() < 4) {
            return List.of(IntStream.range(0, inputs.size()).toArray());
        }
        List<int[]> later = List.of(items(i -> i % 4 == 2), items(i -> i % 2 == 1));
        List<int[]> rounds = new ArrayList<>(
                inputs.size() < 8
                        ? List.of(items(i -> i % 4 == 0))
                        : List.of(items(i -> i % 8 == 0), items(i -> i % 8 == 4)));
        rounds.addAll(later);
        return rounds;
    }

    private int[] items(IntPredicate chosen) {
        return IntStream.range(0, inputs.size()).filter(chosen).toArray();
    }

    /** In the order that they had; of two that are equal, the weaker factors. */
    private static List<Integer> betterHalf(List<Integer> steps, double[] sums) {
        return steps.stream()
                .sorted(Comparator.comparingDouble(step -> sums[step]))
                .limit(Math.ceilDiv(steps.size(), 2))
                .sorted()
                .toList();
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

    /** How far the outputs for some of the inputs are from the module's own, summed. */
    private double distance(float[] s, Candidate candidate, int[] items) {
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            LayerWeights weights = work.weights().with(candidate.weights(s));
            LinearHooks hooks = candidate.hooks(s);
            double[] sums = new double[items.length];
            work.overItems(items.length, index -> {
                Tensor input = inputs.get(items[index]);
                LayerPass pass = pass(input, hooks).with(weights);
                DeviceTensor output =
                        entry.inspected().function().apply(pass, work.runtime().upload(input));
                sums[index] = work.read(output, host -> distance(host, outputs.get(items[index])));
            });
            return DoubleStream.of(sums).reduce(0, Double::sum);
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
        // Two sums, since each addition waits for the one before.
        double even = 0;
        double odd = 0;
        int j = 0;
        for (; j < a.length - 1; j += 2) {
            double difference = a[j] - b[j];
            double next = a[j + 1] - b[j + 1];
            even += difference * difference;
            odd += next * next;
        }
        double last = j < a.length ? a[j] - b[j] : 0;
        return even + odd + last * last;
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
