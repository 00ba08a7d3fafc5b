package dev.hadron.algorithm.rotation;

import dev.hadron.dtype.StorageType;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.ScalingGroup;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.MatrixRotation;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The weights of a decoder, rotated when they are loaded. The weight of each norm moves into the linear layers after it and becomes 1; what reads
 * the residual stream becomes {@code W R1}, what writes to it {@code R1^T W}, so that the model computes what it did. All in float64.
 *
 * <p>An output matrix that is the embedding table, too, becomes one of its own.
 */
public final class RotatedWeights implements WeightSource {
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    /** Elements that are in float64 at once. */
    private static final long PART = 4L << 20;

    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final WeightSource source;
    private final DecoderSpec model;
    private final Parallel parallel;
    private final Map<String, List<Step>> steps = new HashMap<>();

    /**
     * What is done to a tensor.
     *
     * @param byRow whether a row's result depends on that row alone
     * @param change of float64
     */
    private record Step(boolean byRow, Consumer<Tensor> change) {}

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
        addByRow(DecoderSpec.EMBEDDING + WEIGHT, x -> MatrixRotation.rows(x, stream, parallel));
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
            addWhole(linear + WEIGHT, x -> MatrixRotation.columns(x, stream, parallel));
            addByRow(linear + BIAS, x -> MatrixRotation.rows(x, stream, parallel));
        }
        if (!rotations.values().isEmpty()) {
            Rotation values = rotations.values().get(index);
            addWhole(layer.valueProjection() + WEIGHT, x -> MatrixRotation.columnBlocks(x, values, parallel));
            addByRow(layer.valueProjection() + BIAS, x -> MatrixRotation.rowBlocks(x, values, parallel));
            addByRow(layer.outputProjection() + WEIGHT, x -> MatrixRotation.rowBlocks(x, values, parallel));
        }
        if (rotations.intermediate()) {
            for (String linear : layer.intermediateReaders()) {
                Rotation intermediate = Rotation.hadamard(layer.width(linear));
                addByRow(linear + WEIGHT, x -> MatrixRotation.rows(x, intermediate, parallel));
            }
        }
    }

    private void readFrom(String norm, String linear, Rotation stream) {
        steps.putIfAbsent(norm + WEIGHT, new ArrayList<>(List.of(new Step(true, RotatedWeights::fillWithOnes))));
        addByRow(linear + WEIGHT, x -> multiplyColumns(x, norm + WEIGHT));
        addByRow(linear + WEIGHT, x -> MatrixRotation.rows(x, stream, parallel));
    }

    private void addByRow(String tensor, Consumer<Tensor> change) {
        steps.computeIfAbsent(tensor, unused -> new ArrayList<>()).add(new Step(true, change));
    }

    private void addWhole(String tensor, Consumer<Tensor> change) {
        steps.computeIfAbsent(tensor, unused -> new ArrayList<>()).add(new Step(false, change));
    }

    @Override
    public boolean has(String tensor) {
        return source.has(tensor) || tensor.equals(DecoderSpec.HEAD + WEIGHT);
    }

    @Override
    public Tensor load(String tensor, Arena arena) {
        return rotated(tensor, source.load(sourceOf(tensor), arena));
    }

    @Override
    public void loadInto(String tensor, Tensor target) {
        source.loadInto(sourceOf(tensor), target);
        rotated(tensor, target);
    }

    @Override
    public Tensor loadRows(String tensor, long[] rows, Arena arena) {
        return isByRow(tensor)
                ? rotated(tensor, source.loadRows(sourceOf(tensor), rows, arena))
                : WeightSource.super.loadRows(tensor, rows, arena);
    }

    private String sourceOf(String tensor) {
        boolean isTiedHead = model.tiedEmbeddings() && tensor.equals(DecoderSpec.HEAD + WEIGHT);
        return isTiedHead ? DecoderSpec.EMBEDDING + WEIGHT : tensor;
    }

    private boolean isByRow(String tensor) {
        return steps.getOrDefault(tensor, List.of()).stream().allMatch(Step::byRow);
    }

    /** Changes a tensor in place; a part of its rows at once, where they can be told apart, so that a large table isn't in float64 as a whole. */
    private Tensor rotated(String tensor, Tensor x) {
        List<Step> ofTensor = steps.getOrDefault(tensor, List.of());
        if (ofTensor.isEmpty()) {
            return x;
        }
        Shape shape = x.shape();
        long height = shape.rank() == 2 ? shape.extent(0) : 1;
        long width = shape.elements() / height;
        long part = isByRow(tensor) ? Math.clamp(PART / width, 1, height) : height;
        for (long from = 0; from < height; from += part) {
            long rows = Math.min(part, height - from);
            rotate(
                    x.data().asSlice(from * width * Float.BYTES, rows * width * Float.BYTES),
                    shape.rank() == 2 ? Shape.of(rows, width) : shape,
                    ofTensor);
        }
        return x;
    }

    private void rotate(MemorySegment x, Shape shape, List<Step> ofTensor) {
        try (Arena scratch = Arena.ofShared()) {
            Tensor wide = Tensor.allocate(scratch, StorageType.F64, shape);
            parallel.forRanges(shape.elements(), 1 << 16, (from, to) -> {
                for (long i = from; i < to; i++) {
                    wide.data().set(DOUBLE, i * Double.BYTES, x.get(Tensor.FLOAT, i * Float.BYTES));
                }
            });
            ofTensor.forEach(step -> step.change().accept(wide));
            parallel.forRanges(shape.elements(), 1 << 16, (from, to) -> {
                for (long i = from; i < to; i++) {
                    x.set(Tensor.FLOAT, i * Float.BYTES, (float) wide.data().get(DOUBLE, i * Double.BYTES));
                }
            });
        }
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
