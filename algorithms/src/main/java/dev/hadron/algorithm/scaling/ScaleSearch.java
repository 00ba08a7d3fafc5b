package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.config.ScaleLoss;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.LayerWeights;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Searches the factors of an entry on a grid of strengths: {@code s = max(x^ratio, 1e-4)}, divided by {@code sqrt(max(s) min(s))}, where {@code x}
 * are the magnitudes of the input's channels. The factors whose quantized module gives the output nearest to the module's own win, the weaker ones
 * where two are equal.
 */
public final class ScaleSearch {
    private static final float SMALLEST = 1e-4f;

    /** Candidates that are tried at once, which keeps threads busy where a round has few inputs; each needs weights of its own. */
    private static final int AT_ONCE = 2;

    private final LayerWork work;
    private final ScalingEntry entry;
    private final ScaleLoss loss;
    private final List<List<Compared>> rounds;

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

    /** Inputs, and what the module makes of them as it is. */
    private record Compared(SearchRounds.Batch batch, Tensor output) {}

    /**
     * A search.
     *
     * @param inputs of the inspected module, {@code [n, in]} each
     */
    public ScaleSearch(LayerWork work, ScalingEntry entry, List<Tensor> inputs, ScaleLoss loss) {
        this.work = work;
        this.entry = entry;
        this.loss = loss;
        List<List<SearchRounds.Batch>> batches =
                SearchRounds.of(inputs, !entry.inspected().mixesTokens());
        List<SearchRounds.Batch> all = batches.stream().flatMap(List::stream).toList();
        Tensor[] outputs = new Tensor[all.size()];
        work.overItems(outputs.length, item -> outputs[item] = output(all.get(item)));
        Iterator<Tensor> output = Arrays.asList(outputs).iterator();
        this.rounds = batches.stream()
                .map(round -> round.stream()
                        .map(batch -> new Compared(batch, output.next()))
                        .toList())
                .toList();
    }

    /**
     * The best factors of {@code steps} of them, with ratios {@code i / steps}. Where there are many tokens, all candidates are compared on a small
     * part of the inputs, and the better half of them, again and again, on more.
     *
     * @param candidate makes what candidates are tried with, one for each that is tried at the same time
     */
    public Choice best(float[] magnitudes, int steps, Supplier<Candidate> candidate) {
        int atOnce = Math.min(AT_ONCE, work.execution().parallel().threads());
        List<Candidate> candidates = Stream.generate(candidate).limit(atOnce).toList();
        double[] sums = new double[steps];
        List<Integer> left = IntStream.range(0, steps).boxed().toList();
        for (Iterator<List<Compared>> round = rounds.iterator(); round.hasNext(); ) {
            List<Compared> inputs = round.next();
            for (int first = 0; first < left.size(); first += atOnce) {
                work.execution().cancellation().check();
                List<Integer> tried = left.subList(first, Math.min(left.size(), first + atOnce));
                List<float[]> factors = tried.stream()
                        .map(step -> factors(magnitudes, (double) step / steps))
                        .toList();
                double[] distances = distances(factors, candidates, inputs);
                for (int index = 0; index < distances.length; index++) {
                    sums[tried.get(index)] += distances[index];
                }
            }
            left = round.hasNext() ? betterHalf(left, sums) : left;
        }
        int best = Collections.min(left, Comparator.comparingDouble(step -> sums[step]));
        long elements = rounds.stream()
                .flatMap(List::stream)
                .mapToLong(compared -> compared.output().elements())
                .sum();
        List<Integer> compared = left;
        List<Double> losses = IntStream.range(0, steps)
                .mapToObj(step -> compared.contains(step) ? sums[step] / elements : Double.POSITIVE_INFINITY)
                .toList();
        return new Choice(factors(magnitudes, (double) best / steps), best, losses);
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

    /** How far the outputs under each of some factors are from the module's own, summed. */
    private double[] distances(List<float[]> factors, List<Candidate> candidates, List<Compared> inputs) {
        try (TensorRuntime.Scope unused = work.runtime().scope()) {
            List<LayerWeights> weights = new ArrayList<>();
            List<LinearHooks> hooks = new ArrayList<>();
            for (int index = 0; index < factors.size(); index++) {
                weights.add(work.weights().with(candidates.get(index).weights(factors.get(index))));
                hooks.add(candidates.get(index).hooks(factors.get(index)));
            }
            double[][] sums = new double[factors.size()][inputs.size()];
            work.overItems(factors.size() * inputs.size(), item -> {
                int index = item / inputs.size();
                Compared compared = inputs.get(item % inputs.size());
                DeviceTensor output = run(compared.batch(), weights.get(index), hooks.get(index));
                sums[index][item % inputs.size()] = work.read(output, host -> distance(host, compared.output()));
            });
            return Arrays.stream(sums)
                    .mapToDouble(ofOne -> DoubleStream.of(ofOne).reduce(0, Double::sum))
                    .toArray();
        }
    }

    private DeviceTensor run(SearchRounds.Batch batch, LayerWeights weights, LinearHooks hooks) {
        // Where tokens know their positions, a batch is one window.
        long length = batch.inputs().getFirst().shape().extent(0);
        LayerPass pass = work.pass(length, hooks).with(weights);
        return entry.inspected().function().apply(pass, batch.upload(work.runtime()));
    }

    private Tensor output(SearchRounds.Batch batch) {
        DeviceTensor output = run(batch, work.weights(), LinearHooks.NONE);
        Tensor copy = Tensor.allocate(work.arena(), StorageType.F32, Shape.of(output.shape()));
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
