package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.dtype.ZeroPointType;

/**
 * The scale and zero point of integers and of floating point, from the observed range.
 *
 * <p>Integers: {@code neg = min(min, 0)}, {@code pos = max(max, 0)}, so zero is always representable. Symmetric: {@code
 * scale = max(max(-neg, pos) / ((hi - lo) / 2), 2^-23)}, zero point 0. Asymmetric: {@code scale = max((pos - neg) / (hi -
 * lo), 2^-23)}, {@code zeroPoint = clamp(lo - rint(neg / scale))}. Floating point: {@code scale = max(|min|, |max|) /
 * largest}, 1 for all zeros. Each result is rounded to the working type. With zero points of any float32: {@code scale = (max - min) / (hi -
 * lo)}, 1 where that isn't above 2^-23, {@code zeroPoint = -min / scale}.
 *
 * <p>A floating-point scale that a rounding takes to zero is the type's smallest normal number instead, and no scale passes
 * the type's largest number.
 *
 * @param format the codes' format
 * @param symmetric whether the zero point is 0; has no meaning for floating point
 * @param scaleType the numbers that a scale may take
 * @param rounding how scaled values become integers; floating point is always nearest even
 * @param zeroPointType whether asymmetric zero points are whole numbers
 * @param workingType the type that the tensor comes in
 */
public record RangeScale(
        NumberFormat format,
        boolean symmetric,
        ScaleType scaleType,
        RoundType rounding,
        ZeroPointType zeroPointType,
        WorkingType workingType)
        implements ScaleFormula {
    /** The smallest scale of an integer type. */
    public static final float EPSILON = 0x1p-23f;

    /** Refuses other formats than integers and floating point. */
    public RangeScale {
        switch (format) {
            case IntFormat unused -> {}
            case FloatFormat unused -> {}
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no scale");
            case BlockFormat block -> throw new IllegalArgumentException(block + " has a scale of its own form");
        }
    }

    /** With whole zero points. */
    public RangeScale(
            NumberFormat format, boolean symmetric, ScaleType scaleType, RoundType rounding, WorkingType workingType) {
        this(format, symmetric, scaleType, rounding, ZeroPointType.INT32, workingType);
    }

    @Override
    public Parameters parameters(Range range) {
        return switch (format) {
            case IntFormat integer when symmetric -> symmetric(integer, range);
            case IntFormat integer ->
                zeroPointType == ZeroPointType.FLOAT32 ? floatZeroPoint(integer, range) : asymmetric(integer, range);
            case FloatFormat floating -> floating(floating, range);
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }

    @Override
    public ElementQuantizer quantizer(float scale, float zeroPoint) {
        return switch (format) {
            case IntFormat integer ->
                hasFloatZeroPoint()
                        ? new FloatZeroPointQuantizer(integer, rounding, workingType, scale, zeroPoint)
                        : new IntElementQuantizer(integer, rounding, workingType, scale, (int) zeroPoint);
            case FloatFormat floating -> new FloatElementQuantizer(floating, workingType, scale);
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }

    /** Whether zero points may lie between the codes. */
    public boolean hasFloatZeroPoint() {
        return !symmetric && zeroPointType == ZeroPointType.FLOAT32;
    }

    private Parameters symmetric(IntFormat integer, Range range) {
        float halfSpan = (integer.highest() - integer.lowest()) / 2f;
        return new Parameters(typed(floored(workingType.round(range.absoluteMax() / halfSpan))), 0);
    }

    private Parameters asymmetric(IntFormat integer, Range range) {
        // Comparisons, not Math.min: a range's NaN was refused before, and −0 counts as 0.
        float neg = range.min() < 0f ? range.min() : 0f;
        float pos = range.max() > 0f ? range.max() : 0f;
        float exact = floored(step(neg, pos, integer.highest() - integer.lowest()));
        float scale = typed(exact);
        // A power of two is the scale that is used; any other type is a rounding of it that the zero point doesn't see.
        float divisor = scaleType == ScaleType.POF2 ? scale : exact;
        float zeroPoint = integer.lowest() - (float) Math.rint(workingType.round(neg / divisor));
        return new Parameters(scale, Math.clamp((int) zeroPoint, integer.lowest(), integer.highest()));
    }

    /** Zero needn't be representable: the codes span the values seen. */
    private Parameters floatZeroPoint(IntFormat integer, Range range) {
        float width = step(range.min(), range.max(), integer.highest() - integer.lowest());
        float scale = width > workingType.round(EPSILON) ? typed(width) : 1f;
        return new Parameters(scale, workingType.round(-range.min() / scale));
    }

    private float step(float neg, float pos, int steps) {
        float width = workingType.round(pos - neg);
        // The width may pass what the working type holds where the width of a step doesn't.
        return workingType.round(
                Float.isFinite(width) ? width / steps : (float) (((double) pos - (double) neg) / steps));
    }

    private Parameters floating(FloatFormat floating, Range range) {
        float largest = range.absoluteMax();
        return new Parameters(largest == 0f ? 1f : typed(within(workingType, largest / floating.max())), 0);
    }

    private float floored(float scale) {
        float smallest = workingType.round(EPSILON);
        return scale > smallest ? scale : smallest;
    }

    private float typed(float scale) {
        return switch (scaleType) {
            case FLOAT, FLOAT32 -> scale;
            case FLOAT16 -> within(WorkingType.FLOAT16, scale);
            case BFLOAT16 -> within(WorkingType.BFLOAT16, scale);
            case POF2 -> nextPowerOfTwo(scale);
        };
    }

    /** A positive number rounded to a type, but neither to zero nor to infinity. */
    private static float within(WorkingType type, float scale) {
        float rounded = type.round(scale);
        if (rounded == 0f) {
            return type.minNormal();
        }
        return Math.min(rounded, type.max());
    }

    private static float nextPowerOfTwo(float scale) {
        float power = Math.scalb(1f, Math.getExponent(scale));
        return power == scale ? scale : power * 2f;
    }
}
