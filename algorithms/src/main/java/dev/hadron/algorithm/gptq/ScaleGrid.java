package dev.hadron.algorithm.gptq;

import dev.hadron.config.GPTQConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observers;
import dev.hadron.plan.LayerPlan;
import dev.hadron.quantizer.WeightQuantizer;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The scales and zero points that the codes of a weight are chosen under: those of the weight as it was, or, with {@code static_groups} off, of
 * each group as it is when its first column is reached.
 */
final class ScaleGrid {
    private final LayerPlan plan;
    private final NumberFormat format;
    private final Shape shape;
    private final Granularity granularity;
    private final Shape scaleShape;
    private final Optional<StorageType> zeroPointType;
    private final float[] scales;
    private final float[] zeroPoints;
    private final boolean isStatic;
    private final ScaleFormula formula;

    private ScaleGrid(LayerPlan plan, QuantizedTensor rounded, boolean isStatic, ScaleFormula formula) {
        this.plan = plan;
        this.format = rounded.format();
        this.shape = rounded.shape();
        this.granularity = rounded.granularity();
        this.scaleShape = rounded.scale().shape();
        this.zeroPointType = rounded.zeroPoint().map(Tensor::type);
        this.isStatic = isStatic;
        this.formula = formula;
        int runs = Math.toIntExact(rounded.scale().elements());
        this.scales = rounded.scale().toFloats();
        this.zeroPoints = new float[runs];
        for (int run = 0; run < runs; run++) {
            zeroPoints[run] = rounded.zeroPointAt(run);
        }
    }

    /**
     * The grid of a weight.
     *
     * @param weight float32, {@code [out, in]}
     */
    static ScaleGrid of(LayerPlan plan, Tensor weight, GPTQConfig config, Parallel parallel) {
        QuantizationSpec spec = plan.weight().orElseThrow();
        WeightQuantizer quantizer =
                WeightQuantizer.of(spec, plan.workingType().storage(), "the weight of layer " + plan.layer(), parallel);
        for (int pass = 0; pass < quantizer.passes(); pass++) {
            quantizer.scan(pass, weight);
        }
        boolean isStatic =
                config.staticGroups() || !(Observers.granularity(spec, weight.shape()) instanceof Granularity.PerGroup);
        // Of what plain rounding gives only the scales are kept.
        try (Arena arena = Arena.ofShared()) {
            return new ScaleGrid(
                    plan, quantizer.quantize(weight, arena), isStatic, Observers.rangeScale(spec, plan.workingType()));
        }
    }

    Shape shape() {
        return shape;
    }

    /** How many columns are done together: those of a group where its scale is found with them. */
    int block(int usual) {
        return !isStatic && granularity instanceof Granularity.PerGroup(int unused, long size)
                ? Math.toIntExact(size)
                : usual;
    }

    /** What quantizes the columns of a row, by {@link #indexInRow}. */
    ElementQuantizer[] ofRow(int row) {
        int columns = Math.toIntExact(shape.extent(1));
        ElementQuantizer[] quantizers = new ElementQuantizer[indexInRow(columns - 1) + 1];
        for (int column = 0; column < columns; column++) {
            int index = indexInRow(column);
            if (quantizers[index] == null) {
                int run = run(row, column);
                quantizers[index] = formula.quantizer(scales[run], zeroPoints[run]);
            }
        }
        return quantizers;
    }

    /** Which of a row's scales a column has. */
    int indexInRow(int column) {
        return switch (granularity) {
            case Granularity.PerTensor unused -> 0;
            case Granularity.PerChannel(int axis) -> axis == 0 ? 0 : column;
            case Granularity.PerGroup(int axis, long size) -> axis == 1 ? (int) (column / size) : column;
        };
    }

    /** Whether the scale of a group is found when its first column is reached. */
    boolean isFoundOnTheWay() {
        return !isStatic;
    }

    /** Finds the scale of the group that begins with a column, from its values as they are then. */
    void begin(int row, int column, ElementQuantizer[] ofRow, float[] values) {
        MemorySegment group = MemorySegment.ofArray(values);
        Range range = Kernels.best().range(group, 0, values.length);
        ScaleFormula.Parameters found = formula.parameters(range);
        int run = run(row, column);
        scales[run] = found.scale();
        zeroPoints[run] = found.zeroPoint();
        ofRow[indexInRow(column)] = formula.quantizer(found.scale(), found.zeroPoint());
    }

    /**
     * The quantized weight with these codes.
     *
     * @param codes one a byte
     * @param arena owns the result
     */
    QuantizedTensor assemble(MemorySegment codes, Arena arena) {
        MemorySegment packed = arena.allocate(QuantizedTensor.codeBytes(format, shape.elements()), 64);
        if (format.bits() == 4) {
            Kernels.best().packNibbles(codes, 0, packed, 0, shape.elements());
        } else {
            packed.copyFrom(codes);
        }
        return new QuantizedTensor(
                format,
                shape,
                granularity,
                packed,
                Tensor.ofFloats(scales, scaleShape.toArray()),
                zeroPointType.map(this::zeroPoints),
                Optional.empty(),
                plan.workingType());
    }

    private Tensor zeroPoints(StorageType type) {
        if (type == StorageType.F32) {
            return Tensor.ofFloats(zeroPoints, scaleShape.toArray());
        }
        int[] whole = new int[zeroPoints.length];
        for (int run = 0; run < whole.length; run++) {
            whole[run] = (int) zeroPoints[run];
        }
        return Tensor.ofInts(whole, scaleShape.toArray());
    }

    private int run(int row, int column) {
        return switch (granularity) {
            case Granularity.PerTensor unused -> 0;
            case Granularity.PerChannel(int axis) -> axis == 0 ? row : column;
            case Granularity.PerGroup(int axis, long size) ->
                axis == 1
                        ? Math.toIntExact(row * (shape.extent(1) / size) + column / size)
                        : Math.toIntExact(column * (shape.extent(0) / size) + row / size);
        };
    }
}
