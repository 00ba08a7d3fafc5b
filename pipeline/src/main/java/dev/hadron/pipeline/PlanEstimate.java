package dev.hadron.pipeline;

import dev.hadron.algorithm.Algorithms;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.BlockScale;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.Architectures;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.TensorSlice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What carrying out a plan will take, roughly: the memory from what is held at once, the time from throughputs of one machine, so that
 * it may be wrong by a factor of two or three elsewhere. {@code docs/plan.md} says how the constants were found.
 *
 * @param peakMemory bytes resident at the peak, mapped pages of the checkpoint included
 * @param seconds from start to the published folder
 */
public record PlanEstimate(long peakMemory, double seconds) {
    /** What calibration is assumed to run over: the command line's defaults. */
    static final int SAMPLES = 64;

    static final int LENGTH = 256;

    private static final long MIB = 1 << 20;
    /** The JVM with the program and its heap. */
    private static final long JVM = 100 * MIB;
    /** The libraries of the tensor runtime, and the tokenizer. */
    private static final long RUNTIME = 210 * MIB;
    /** What a slice takes while it is read as a whole, quantized, packed, unpacked and compared, in times of its source. */
    private static final double WORK = 2.5;
    /** What it takes where a few rows are read at a time, in times of its codes: these, packed, and unpacked. */
    private static final double CODES = 3;
    /** Bytes a second from mapping a tensor to its packed and verified form, by two processors. */
    private static final double QUANTIZE = 450e6;
    /** The same for types whose scales are found block by block, and for blocks of pairs. */
    private static final double QUANTIZE_BLOCKS = 250e6;

    private static final double QUANTIZE_PAIRS = 80e6;
    /** Bytes a second that are copied, hashed and read back. */
    private static final double COPY = 1e9;
    /** Multiplications and additions a second in float32. */
    private static final double CALIBRATE = 30e9;

    private static final double START = 1.5;
    private static final double RUNTIME_START = 3;

    /**
     * The estimate of a plan.
     *
     * @param samples windows to calibrate with
     * @param length tokens of a window
     */
    static PlanEstimate of(
            Checkpoint source,
            QuantizationPlan plan,
            List<PlannedLayer> layers,
            List<CopiedTensor> copied,
            boolean looksAtActivations,
            int samples,
            int length) {
        if (looksAtActivations) {
            AlgorithmEstimate algorithms =
                    new AlgorithmEstimate(plan.config(), ServedDecoder.specOf(source), samples, length);
            return new PlanEstimate(
                    JVM + RUNTIME + Math.max(toQuantize(layers), algorithms.memory()),
                    START + RUNTIME_START + quantizing(layers, copied) + algorithms.seconds());
        }
        if (plan.needsCalibration()) {
            return new PlanEstimate(
                    JVM + RUNTIME + Math.max(toQuantize(layers), toCalibrate(source, plan, samples, length)),
                    START
                            + RUNTIME_START
                            + quantizing(layers, copied)
                            + calibrating(source, layers, (long) samples * length));
        }
        return new PlanEstimate(
                JVM + Math.max(toQuantize(layers), toRotate(source, plan)), START + quantizing(layers, copied));
    }

    /** Rotations alone run no model. */
    private static long toRotate(Checkpoint source, QuantizationPlan plan) {
        return Algorithms.rotate(plan.config())
                ? new AlgorithmEstimate(plan.config(), ServedDecoder.specOf(source), 0, 0).rotating()
                : 0;
    }

    /** Each thread has a slice of a weight. */
    private static long toQuantize(List<PlannedLayer> layers) {
        int threads = Runtime.getRuntime().availableProcessors();
        long largest = MemoryBudget.of(threads).sliceBytes();
        return threads
                * layers.stream()
                        .mapToLong(layer -> toQuantize(layer, largest))
                        .max()
                        .orElse(0);
    }

    private static long toQuantize(PlannedLayer layer, long largest) {
        Shape shape = layer.plan().weightView().shape();
        Optional<QuantizationSpec> weight = layer.plan().weight();
        boolean isByRow = weight.filter(
                        spec -> shape.rank() == 2 && RowBands.fit(spec, new TensorSlice(shape, 0, 0, shape.extent(0))))
                .isPresent();
        if (isByRow && layer.bytesBefore() <= largest) {
            return (long) (CODES * shape.elements() * weight.get().format().bits() / Byte.SIZE);
        }
        return (long) (WORK * Math.min(layer.bytesBefore(), largest));
    }

    /** A decoder layer, what passes it and what all windows carry; where the architecture isn't known, its largest part in float32. */
    private static long toCalibrate(Checkpoint source, QuantizationPlan plan, int samples, int length) {
        if (Architectures.find(new ModelConfig(source.config())).isEmpty()) {
            return Inspection.memory(source, Map.of()).toRun();
        }
        DecoderSpec model = ServedDecoder.specOf(source);
        AlgorithmEstimate running = new AlgorithmEstimate(plan.config(), model, samples, length);
        boolean runsHead = plan.layers().stream()
                .anyMatch(layer -> layer.layer().equals(DecoderSpec.HEAD) && layer.needsCalibration());
        long stream = Math.min((long) samples * length * model.hidden() * Float.BYTES, Decoder.STREAM_IN_MEMORY);
        return Math.max(running.memory(), runsHead ? running.head() : 0) + stream;
    }

    private static double quantizing(List<PlannedLayer> layers, List<CopiedTensor> copied) {
        double seconds = 0;
        for (PlannedLayer layer : layers) {
            seconds += layer.bytesBefore()
                    / layer.plan().weight().map(PlanEstimate::throughput).orElse(COPY);
        }
        return seconds
                + copied.stream().mapToLong(copy -> copy.tensor().byteSize()).sum() / COPY;
    }

    private static double throughput(QuantizationSpec spec) {
        return switch (spec.format()) {
            case IntFormat unused -> QUANTIZE;
            case FloatFormat unused -> QUANTIZE;
            case HalfFormat unused -> QUANTIZE;
            case BlockFormat block ->
                block.scale() == BlockScale.EXPONENT_AND_PAIR_BITS ? QUANTIZE_PAIRS : QUANTIZE_BLOCKS;
        };
    }

    /** Each weight of a layer is multiplied and added once a token; an expert's, once for each token that it gets. */
    private static double calibrating(Checkpoint source, List<PlannedLayer> layers, long tokens) {
        double share = expertShare(source.config());
        double weights = layers.stream()
                .map(PlannedLayer::plan)
                .mapToDouble(layer -> (layer.layer().contains(".experts.") ? share : 1)
                        * layer.weightView().shape().elements())
                .sum();
        return weights * tokens / CALIBRATE;
    }

    /** The share of a layer's experts that a token passes. */
    private static double expertShare(JsonNode config) {
        double perToken = config.path("num_experts_per_tok").asDouble(1);
        double experts = config.path("num_local_experts")
                .asDouble(config.path("num_experts").asDouble(1));
        return perToken < experts ? perToken / experts : 1;
    }
}
