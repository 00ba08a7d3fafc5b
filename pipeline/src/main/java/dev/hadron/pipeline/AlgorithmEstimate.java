package dev.hadron.pipeline;

import dev.hadron.config.AWQConfig;
import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.Config;
import dev.hadron.config.GPTQConfig;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LayerStage;
import dev.hadron.model.arch.LinearGroup;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What running algorithms over decoder layers takes, beside the program and the tensor runtime: the layer in float32, what each thread has of a
 * window on its way, and what the algorithm holds. The memory of the largest layer is the peak, however many there are.
 */
final class AlgorithmEstimate {
    private static final long MIB = 1 << 20;
    /** Tokens that a search keeps of each input. */
    private static final long SEARCH_TOKENS = 2048;
    /** Candidates of a search, as multiples of the work of one pass over all tokens: those of AWQ and its clipping. */
    private static final double AWQ_PASSES = 25;

    private static final double SMOOTH_PASSES = 10;
    /** Rows of a weight that a thread chooses codes of. */
    private static final long ROWS = 128;
    /** What the memory allocator holds, as measured. */
    private static final long ALLOCATOR = 30 * MIB;
    /** Multiplications and additions a second of two processors that work on matrices. */
    private static final double RATE = 75e9;

    private final Config config;
    private final DecoderSpec model;
    private final long windows;
    private final long length;
    private final int threads = Runtime.getRuntime().availableProcessors();

    AlgorithmEstimate(Config config, DecoderSpec model, long windows, long length) {
        this.config = config;
        this.model = model;
        this.windows = windows;
        this.length = length;
    }

    /** Bytes at the peak. */
    long memory() {
        long most = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            most = Math.max(most, memory(model.layer(layer)));
        }
        return most;
    }

    /** Seconds of all layers. */
    double seconds() {
        double operations = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            operations += operations(model.layer(layer));
        }
        return operations / RATE;
    }

    private long memory(DecoderLayer layer) {
        long elements =
                layer.tensors().values().stream().mapToLong(Shape::elements).sum();
        long passing = length * threads * (4L * model.intermediate() + 8L * model.hidden());
        return (elements + passing) * Float.BYTES + ofAlgorithm(layer) + ALLOCATOR;
    }

    private long ofAlgorithm(DecoderLayer layer) {
        AlgoConfig algorithm = config.algoConfig();
        return switch (algorithm) {
            case null -> 0;
            case GPTQConfig unused -> hessians(layer);
            case AWQConfig unused -> search(layer);
            case AutoSmoothQuantConfig unused -> search(layer);
        };
    }

    /** The Hessians of a stage, one of them a second time in another order, and the largest weight's codes. */
    private long hessians(DecoderLayer layer) {
        long most = 0;
        for (LayerStage stage : layer.stages()) {
            long sum = 0;
            long largest = 0;
            for (LinearGroup group : stage.groups()) {
                long width = layer.width(group.linears().getFirst());
                sum += width * width;
                largest = Math.max(largest, width);
            }
            long working = largest * largest + 2 * ROWS * threads * largest;
            most = Math.max(most, (sum + working) * Float.BYTES);
        }
        return most;
    }

    /** What is kept of inputs and outputs, the weights of a candidate, and what it makes of what was kept. */
    private long search(DecoderLayer layer) {
        long tokens = Math.min(SEARCH_TOKENS, windows * length);
        long widths = inputs(layer).stream().mapToLong(Long::longValue).sum();
        long outputs = (long) layer.scalingGroups().size() * model.hidden();
        long candidate = layer.scalingGroups().stream()
                .mapToLong(group -> group.layers().stream()
                        .mapToLong(linear -> weight(layer, linear).elements())
                        .sum())
                .max()
                .orElse(0);
        long kept = widths + outputs + model.hidden();
        return (tokens * (kept + 2L * model.intermediate()) + candidate) * Float.BYTES;
    }

    private double operations(DecoderLayer layer) {
        double tokens = (double) windows * length;
        double weights = layer.tensors().values().stream()
                .filter(shape -> shape.rank() == 2)
                .mapToDouble(Shape::elements)
                .sum();
        double pass = weights * tokens;
        AlgoConfig algorithm = config.algoConfig();
        return switch (algorithm) {
            case null -> 2 * pass;
            case GPTQConfig unused -> pass + hessianOperations(layer, tokens);
            case AWQConfig unused -> pass * (1 + AWQ_PASSES * Math.min(1, SEARCH_TOKENS / tokens));
            case AutoSmoothQuantConfig unused -> pass * (1 + SMOOTH_PASSES * Math.min(1, SEARCH_TOKENS / tokens));
        };
    }

    /** Half of each symmetric product, its factorization, and the errors that columns carry. */
    private double hessianOperations(DecoderLayer layer, double tokens) {
        double operations = 0;
        for (LayerStage stage : layer.stages()) {
            for (LinearGroup group : stage.groups()) {
                double width = layer.width(group.linears().getFirst());
                operations += width * width * (tokens / 2 + width / 6);
                for (String linear : group.linears()) {
                    operations += weight(layer, linear).extent(0) * width * width / 2;
                }
            }
        }
        return operations;
    }

    private static List<Long> inputs(DecoderLayer layer) {
        List<Long> widths = new ArrayList<>();
        layer.stages()
                .forEach(stage -> stage.groups()
                        .forEach(group ->
                                widths.add((long) layer.width(group.linears().getFirst()))));
        return widths;
    }

    private static Shape weight(DecoderLayer layer, String linear) {
        return java.util.Objects.requireNonNull(layer.tensors().get(linear + ".weight"));
    }
}
