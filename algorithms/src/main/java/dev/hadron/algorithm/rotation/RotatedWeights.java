package dev.hadron.algorithm.rotation;

import dev.hadron.dtype.StorageType;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.ScalingGroup;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.MatrixRotation;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a decoder, rotated when they are loaded. The weight of each norm moves into the linear layers after it and becomes 1; what reads
 * the residual stream becomes {@code W R1}, what writes to it {@code R1^T W}, so that the model computes what it did. All in float64.
 *
 * <p>An output matrix that is the embedding table, too, becomes one of its own.
 */
public final class RotatedWeights implements WeightSource {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final WeightSource source;
    private final DecoderSpec model;
    private final Parallel parallel;
    private final Map<String, List<Step>> steps = new HashMap<>();

    /** What is done to a tensor of float64. */
    @FunctionalInterface
    private interface Step {
        void apply(Tensor x);
    }

    /**
     * Rotated weights.
     *
     * @param source the weights as they are
     */
    public RotatedWeights(WeightSource source, DecoderSpec model, ModelRotations rotations, Parallel parallel) {
        this.source = source;
        this.model = model;
        this.parallel = parallel;
        Rotation stream = rotations.stream();
        add(DecoderSpec.EMBEDDING + WEIGHT, x -> MatrixRotation.rows(x, stream, parallel));
        readFrom(DecoderSpec.FINAL_NORM, DecoderSpec.HEAD, stream);
        for (int index = 0; index < model.layers(); index++) {
            addLayer(model.layer(index), rotations, index);
        }
    }

    private void addLayer(DecoderLayer layer, ModelRotations rotations, int index) {
        Rotation stream = rotations.stream();
        for (ScalingGroup group : layer.scalingGroups()) {
            if (layer.module(group.previous()).isEmpty()) {
                group.layers().forEach(linear -> readFrom(group.previous(), linear, stream));
            }
        }
        for (String linear : layer.residualWriters()) {
            add(linear + WEIGHT, x -> MatrixRotation.columns(x, stream, parallel));
            add(linear + BIAS, x -> MatrixRotation.rows(x, stream, parallel));
        }
        if (!rotations.values().isEmpty()) {
            Rotation values = rotations.values().get(index);
            add(layer.valueProjection() + WEIGHT, x -> MatrixRotation.columnBlocks(x, values, parallel));
            add(layer.valueProjection() + BIAS, x -> MatrixRotation.rowBlocks(x, values, parallel));
            add(layer.outputProjection() + WEIGHT, x -> MatrixRotation.rowBlocks(x, values, parallel));
        }
        if (rotations.intermediate()) {
            for (String linear : layer.intermediateReaders()) {
                Rotation intermediate = Rotation.hadamard(layer.width(linear));
                add(linear + WEIGHT, x -> MatrixRotation.rows(x, intermediate, parallel));
            }
        }
    }

    private void readFrom(String norm, String linear, Rotation stream) {
        steps.putIfAbsent(norm + WEIGHT, new ArrayList<>(List.of(RotatedWeights::fillWithOnes)));
        add(linear + WEIGHT, x -> multiplyColumns(x, norm + WEIGHT));
        add(linear + WEIGHT, x -> MatrixRotation.rows(x, stream, parallel));
    }

    private void add(String tensor, Step step) {
        steps.computeIfAbsent(tensor, unused -> new ArrayList<>()).add(step);
    }

    @Override
    public boolean has(String tensor) {
        return source.has(tensor) || tensor.equals(DecoderSpec.HEAD + WEIGHT);
    }

    @Override
    public Tensor load(String tensor, Arena arena) {
        boolean isTiedHead = model.tiedEmbeddings() && tensor.equals(DecoderSpec.HEAD + WEIGHT);
        Tensor loaded = source.load(isTiedHead ? DecoderSpec.EMBEDDING + WEIGHT : tensor, arena);
        List<Step> ofTensor = steps.getOrDefault(tensor, List.of());
        if (ofTensor.isEmpty()) {
            return loaded;
        }
        try (Arena scratch = Arena.ofShared()) {
            Tensor wide = Tensor.allocate(scratch, StorageType.F64, loaded.shape());
            parallel.forRanges(loaded.elements(), 1 << 16, (from, to) -> {
                for (long i = from; i < to; i++) {
                    wide.data().set(DOUBLE, i * Double.BYTES, loaded.floatAt(i));
                }
            });
            ofTensor.forEach(step -> step.apply(wide));
            parallel.forRanges(loaded.elements(), 1 << 16, (from, to) -> {
                for (long i = from; i < to; i++) {
                    loaded.data().set(Tensor.FLOAT, i * Float.BYTES, (float)
                            wide.data().get(DOUBLE, i * Double.BYTES));
                }
            });
        }
        return loaded;
    }

    private void multiplyColumns(Tensor x, String norm) {
        try (Arena scratch = Arena.ofConfined()) {
            float[] factors = source.load(norm, scratch).toFloats();
            MemorySegment data = x.data();
            parallel.forRanges(x.shape().extent(0), 16, (from, to) -> {
                for (long row = from; row < to; row++) {
                    for (int j = 0; j < factors.length; j++) {
                        long at = (row * factors.length + j) * Double.BYTES;
                        data.set(DOUBLE, at, data.get(DOUBLE, at) * factors[j]);
                    }
                }
            });
        }
    }

    private static void fillWithOnes(Tensor x) {
        for (long i = 0; i < x.elements(); i++) {
            x.data().set(DOUBLE, i * Double.BYTES, 1);
        }
    }
}
