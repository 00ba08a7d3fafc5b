package dev.hadron.algorithm.awq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.HostRows;
import dev.hadron.algorithm.scaling.InputSamples;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.model.arch.LinearGroup;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.observer.Observers;
import dev.hadron.plan.LayerPlan;
import dev.hadron.quantizer.FakeQuantizer;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Limits the magnitude of weights, group by group of a row: of ten limits from the largest magnitude down to 0.55 of it, that under which the
 * group's part of the output changes least when it is quantized. Queries and keys, whose products amplify errors, are left alone.
 */
final class ClipSearch {
    private static final int LIMITS = 10;
    private static final float STEP = 1f / 20;
    private static final int MOST_TOKENS = 512;
    private static final int ROWS = 256;
    private static final List<String> LEFT_ALONE = List.of("q_", "k_", "query", "key", "Wqkv");

    private final LayerWork work;
    /** Each linear layer that is searched, and the one whose input stands for all that read the same. */
    private final Map<String, String> inputOf = new TreeMap<>();

    ClipSearch(LayerWork work) {
        this.work = work;
        work.layer().stages().forEach(stage -> stage.groups().forEach(this::choose));
    }

    private void choose(LinearGroup group) {
        for (String linear : group.linears()) {
            String own = linear.substring(linear.lastIndexOf('.') + 1);
            if (LEFT_ALONE.stream().noneMatch(own::contains)
                    && work.plan(linear)
                            .flatMap(LayerPlan::weight)
                            .filter(spec -> isByRow(spec, linear))
                            .isPresent()) {
                inputOf.put(linear, group.linears().getFirst());
            }
        }
    }

    /** Limits are found row by row, so scales must be, too. */
    private boolean isByRow(QuantizationSpec spec, String linear) {
        Shape shape = work.shape(linear);
        return switch (Observers.granularity(spec, shape)) {
            case Granularity.PerTensor unused -> false;
            case Granularity.PerChannel(int axis) -> axis == 0;
            case Granularity.PerGroup(int axis, long unused) -> axis == 1;
        };
    }

    /** The linear layers whose inputs are needed. */
    Set<String> inputs() {
        return new HashSet<>(inputOf.values());
    }

    /** Clips the weights, whose columns the factors were folded into. */
    void run(InputSamples samples, Map<ScalingEntry, float[]> factors) {
        inputOf.forEach((linear, input) -> {
            List<Tensor> tokens = samples.tokens(input);
            if (!tokens.isEmpty()) {
                clip(linear, tokens, factorsOf(linear, factors));
            }
        });
    }

    private static float[] factorsOf(String linear, Map<ScalingEntry, float[]> factors) {
        return factors.entrySet().stream()
                .filter(entry -> entry.getKey().layers().contains(linear))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(new float[0]);
    }

    private void clip(String linear, List<Tensor> tokens, float[] factors) {
        LayerPlan plan = work.plan(linear).orElseThrow();
        QuantizationSpec spec = plan.weight().orElseThrow();
        Shape shape = work.shape(linear);
        int width = Math.toIntExact(shape.extent(1));
        int group = Observers.granularity(spec, shape) instanceof Granularity.PerGroup(int unused, long size)
                ? Math.toIntExact(size)
                : width;
        int rows = Math.toIntExact(shape.extent(0));
        int parts = Math.ceilDiv(rows, ROWS);
        try (Arena arena = Arena.ofShared()) {
            Tensor[] inputs = new Tensor[Math.ceilDiv(width, group)];
            for (int g = 0; g < inputs.length; g++) {
                inputs[g] = columns(tokens, factors, g * group, Math.min(group, width - g * group), arena);
            }
            work.update(
                    linear + ".weight",
                    host -> work.overItems(inputs.length * parts, item -> {
                        int g = item / parts;
                        int from = item % parts * ROWS;
                        clipPart(
                                host,
                                spec,
                                plan.workingType(),
                                inputs[g],
                                g * group,
                                from,
                                Math.min(rows, from + ROWS));
                    }));
        }
    }

    /** Columns of at most {@value #MOST_TOKENS} evenly spaced tokens, divided by their factors. */
    private static Tensor columns(List<Tensor> tokens, float[] factors, int first, int count, Arena arena) {
        long all = tokens.stream().mapToLong(x -> x.shape().extent(0)).sum();
        long stride = Math.max(1, all / MOST_TOKENS);
        long kept = Math.min(Math.ceilDiv(all, stride), MOST_TOKENS);
        Tensor columns = Tensor.allocate(arena, StorageType.F32, Shape.of(kept, count));
        long index = 0;
        long next = 0;
        for (Tensor part : tokens) {
            long width = part.shape().extent(1);
            for (long row = 0; row < part.shape().extent(0) && next < kept; row++, index++) {
                if (index % stride == 0) {
                    for (int j = 0; j < count; j++) {
                        float divisor = factors.length == 0 ? 1f : factors[first + j];
                        float value = part.floatAt(row * width + first + j) / divisor;
                        columns.data().set(Tensor.FLOAT, (next * count + j) * Float.BYTES, value);
                    }
                    next++;
                }
            }
        }
        return columns;
    }

    /** A group of columns of some rows. */
    private void clipPart(
            Tensor weight, QuantizationSpec spec, WorkingType type, Tensor inputs, int first, int from, int to) {
        int width = Math.toIntExact(inputs.shape().extent(1));
        int rows = to - from;
        float[][] original = new float[rows][width];
        float[] largest = new float[rows];
        long stride = weight.shape().extent(1);
        for (int row = 0; row < rows; row++) {
            long at = ((from + row) * stride + first) * Float.BYTES;
            MemorySegment.copy(weight.data(), Tensor.FLOAT, at, original[row], 0, width);
            for (float value : original[row]) {
                largest[row] = Math.max(largest[row], Math.abs(value));
            }
        }
        DeviceTensor x = work.runtime().upload(inputs);
        FakeQuantizer quantizer = FakeQuantizer.dynamic(spec, type);
        float[] best = largest.clone();
        double[] least = new double[rows];
        for (int step = 0; step < LIMITS; step++) {
            float share = 1 - step * STEP;
            double[] losses = losses(original, largest, share, quantizer, x);
            for (int row = 0; row < rows; row++) {
                if (step == 0 || losses[row] < least[row]) {
                    least[row] = losses[row];
                    best[row] = largest[row] * share;
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < width; j++) {
                original[row][j] = Math.clamp(original[row][j], -best[row], best[row]);
            }
            long at = ((from + row) * stride + first) * Float.BYTES;
            MemorySegment.copy(original[row], 0, weight.data(), Tensor.FLOAT, at, width);
        }
    }

    /** For each row the sum over tokens of the squared change of its part of the output. */
    private double[] losses(float[][] original, float[] largest, float share, FakeQuantizer quantizer, DeviceTensor x) {
        int width = original[0].length;
        try (Arena arena = Arena.ofConfined()) {
            Tensor clipped = Tensor.allocate(arena, StorageType.F32, Shape.of(original.length, width));
            float[] values = new float[width];
            for (int row = 0; row < original.length; row++) {
                float limit = largest[row] * share;
                for (int j = 0; j < width; j++) {
                    values[j] = Math.clamp(original[row][j], -limit, limit);
                }
                MemorySegment.copy(values, 0, clipped.data(), Tensor.FLOAT, (long) row * width * Float.BYTES, width);
            }
            quantizer.apply(clipped);
            for (int row = 0; row < original.length; row++) {
                long at = (long) row * width * Float.BYTES;
                MemorySegment.copy(clipped.data(), Tensor.FLOAT, at, values, 0, width);
                for (int j = 0; j < width; j++) {
                    values[j] -= original[row][j];
                }
                MemorySegment.copy(values, 0, clipped.data(), Tensor.FLOAT, at, width);
            }
            return sumsOfSquares(work.runtime().linear(work.runtime().upload(clipped), x, null));
        }
    }

    private double[] sumsOfSquares(DeviceTensor changes) {
        return work.read(changes, host -> {
            double[] sums = new double[Math.toIntExact(host.shape().extent(0))];
            HostRows.read(host, 0, sums.length, (row, elements) -> sums[(int) row] = sumOfSquares(elements));
            return sums;
        });
    }

    /** In four sums, since each addition waits for the one before. */
    private static double sumOfSquares(float[] x) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j < x.length - 3; j += 4) {
            a += (double) x[j] * x[j];
            b += (double) x[j + 1] * x[j + 1];
            c += (double) x[j + 2] * x[j + 2];
            d += (double) x[j + 3] * x[j + 3];
        }
        for (; j < x.length; j++) {
            a += (double) x[j] * x[j];
        }
        return (a + b) + (c + d);
    }
}
