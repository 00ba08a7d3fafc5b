package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
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
    /** Tokens that a thread runs a candidate on at once. */
    private static final long BATCH = 512;
    /** Candidates that there are weights of. */
    private static final long AT_ONCE = 2;
    /** Candidates of a search, as multiples of the work of one pass over all tokens: those of AWQ and its clipping. */
    private static final double AWQ_PASSES = 15;

    private static final double SMOOTH_PASSES = 10;
    /** Rows of a weight that a thread chooses codes of. */
    private static final long ROWS = 256;
    /** What the memory allocator keeps of the tensors of windows, at most and in multiples of what passes at a time, as measured. */
    private static final long ALLOCATOR = 128 * MIB;

    private static final long ALLOCATED = 2;
    /** How often each thread holds the logits of its window, as measured. */
    private static final double LOGITS = 1.75;
    /** Multiplications and additions a second of two processors that work on matrices. */
    private static final double RATE = 75e9;
    /** Seconds in which they choose a code in GPTQ, beside these. */
    private static final double CODE = 50e-9;

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

    /** Bytes at the peak of a run that looks at activations. */
    long memory() {
        long most = Algorithms.rotate(config) ? rotating() : 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            most = Math.max(most, memory(model.layer(layer)));
        }
        return most;
    }

    /** Bytes at the peak of the output matrix: it in float32, and each thread's logits. */
    long head() {
        long logits = (long) (LOGITS * threads * length);
        return model.vocabulary() * (model.hidden() + logits) * Float.BYTES + allocator();
    }

    /** Bytes at the peak of rotating alone: a table or a layer in float32, and a tensor of it in the type that it is stored in. */
    long rotating() {
        long most = (long) model.vocabulary() * model.hidden() * (Float.BYTES + Short.BYTES);
        for (int layer = 0; layer < model.layers(); layer++) {
            long elements = elements(model.layer(layer));
            most = Math.max(most, elements * Float.BYTES + largest(model.layer(layer)) * Double.BYTES);
        }
        return most;
    }

    /** Seconds of all layers. */
    double seconds() {
        double seconds = 0;
        for (int layer = 0; layer < model.layers(); layer++) {
            seconds += operations(model.layer(layer)) / RATE;
            if (config.algoConfig() instanceof GPTQConfig) {
                seconds += elements(model.layer(layer)) * CODE;
            }
        }
        return seconds;
    }

    private long memory(DecoderLayer layer) {
        return elements(layer) * Float.BYTES + withAlgorithm(layer, passing()) + allocator();
    }

    /** What each thread has of a window on its way through a layer. */
    private long passing() {
        return length * threads * (4L * model.intermediate() + 8L * model.hidden()) * Float.BYTES;
    }

    private long allocator() {
        return Math.min(ALLOCATED * passing(), ALLOCATOR);
    }

    private static long elements(DecoderLayer layer) {
        return layer.tensors().values().stream().mapToLong(Shape::elements).sum();
    }

    private static long largest(DecoderLayer layer) {
        return layer.tensors().values().stream()
                .mapToLong(Shape::elements)
                .max()
                .orElse(0);
    }

    /** Windows pass, and then the algorithm works on what it saw of them. */
    private long withAlgorithm(DecoderLayer layer, long passing) {
        AlgoConfig algorithm = config.algoConfig();
        return switch (algorithm) {
            case null -> passing;
            case GPTQConfig unused -> Math.max(passing, hessians(layer) + before(layer));
            case AWQConfig unused -> search(layer, passing);
            case AutoSmoothQuantConfig unused -> search(layer, passing);
        };
    }

    /** What weights were before their codes were chosen, where that isn't what the checkpoint has: of all but the last, the largest. */
    private long before(DecoderLayer layer) {
        return config.preQuantOptConfig().isEmpty() ? 0 : (elements(layer) - largest(layer)) * Float.BYTES;
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

    /** What is kept of inputs and outputs; beside it the weights of candidates and what threads make of what was kept. */
    private long search(DecoderLayer layer, long passing) {
        long tokens = Math.min(SEARCH_TOKENS, windows * length);
        long widths = inputs(layer).stream().mapToLong(Long::longValue).sum();
        long outputs = (long) layer.scalingGroups().size() * model.hidden();
        long candidate = layer.scalingGroups().stream()
                .mapToLong(group -> group.layers().stream()
                        .mapToLong(linear -> weight(layer, linear).elements())
                        .sum())
                .max()
                .orElse(0);
        long kept = tokens * (widths + outputs + model.hidden()) * Float.BYTES;
        long batches = threads * Math.min(tokens, BATCH) * 6L * model.intermediate();
        long tried = (candidate * Math.min(AT_ONCE, threads) + batches) * Float.BYTES;
        return kept + Math.max(passing, tried);
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
