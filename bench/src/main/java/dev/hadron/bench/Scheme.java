package dev.hadron.bench;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.MxScale;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;

/** The data types of weights, and how many elements share a scale. */
public enum Scheme {
    INT8_TENSOR(Dtype.INT8, true, Scheme.TENSOR),
    INT8_CHANNEL(Dtype.INT8, true, Scheme.CHANNEL),
    UINT8_TENSOR(Dtype.UINT8, false, Scheme.TENSOR),
    UINT8_CHANNEL(Dtype.UINT8, false, Scheme.CHANNEL),
    FP8_E4M3_TENSOR(Dtype.FP8_E4M3, true, Scheme.TENSOR),
    FP8_E4M3_CHANNEL(Dtype.FP8_E4M3, true, Scheme.CHANNEL),
    FP8_E5M2_TENSOR(Dtype.FP8_E5M2, true, Scheme.TENSOR),
    FP8_E5M2_CHANNEL(Dtype.FP8_E5M2, true, Scheme.CHANNEL),
    INT4_GROUP(Dtype.INT4, true, 128),
    UINT4_GROUP(Dtype.UINT4, false, 128),
    MXFP4(BlockFormat.mx(FloatFormat.E2M1), true, 32),
    MXFP4_FLOOR(BlockFormat.mx(FloatFormat.E2M1), false, 32),
    MXFP8(BlockFormat.mx(FloatFormat.E4M3), true, 32),
    MXINT8(BlockFormat.mx(new IntFormat(8, true)), true, 32),
    BFP16(BlockFormat.BFP16, true, 8),
    NVFP4(BlockFormat.NVFP4, true, 16),
    MX6(BlockFormat.MX6, true, 16),
    MX9(BlockFormat.MX9, true, 16);

    private static final int TENSOR = -1;
    private static final int CHANNEL = -2;

    private final NumberFormat format;
    private final boolean symmetric;
    private final int length;

    Scheme(Dtype dtype, boolean symmetric, int length) {
        this(dtype.format(), symmetric, length);
    }

    /** {@code symmetric} has another meaning for MX: whether the scale is rounded to even, as presets do. */
    Scheme(NumberFormat format, boolean symmetric, int length) {
        this.format = format;
        this.symmetric = symmetric;
        this.length = length;
    }

    /** Whether one scale serves the whole tensor, which is then read twice. */
    boolean isPerTensor() {
        return length == TENSOR;
    }

    /** Whether scales can be found only when the range of the tensor is known. */
    boolean dependsOnTensor() {
        return isPerTensor() || format.equals(BlockFormat.NVFP4);
    }

    /** How many elements of a row share a scale. */
    int length(int row) {
        return length == CHANNEL ? row : length;
    }

    int bits() {
        return format.bits();
    }

    /** The formula of a stored weight. */
    ScaleFormula formula(WorkingType workingType, Range tensor) {
        if (!(format instanceof BlockFormat block)) {
            return new RangeScale(format, symmetric, ScaleType.FLOAT, RoundType.HALF_EVEN, workingType);
        }
        return switch (block.scale()) {
            case E8M0 ->
                new MxScale(block.element(), symmetric ? MxScaleMode.EVEN : MxScaleMode.FLOOR, workingType).stored();
            case E4M3 -> Nvfp4Scale.ofTensor(tensor, workingType);
            case EXPONENT -> new BfpScale(workingType).stored();
            case EXPONENT_AND_PAIR_BITS -> new PairScale(block, workingType);
        };
    }
}
