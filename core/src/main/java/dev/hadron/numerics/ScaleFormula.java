package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;

/**
 * How an observed range becomes a scale and a zero point.
 *
 * <p>Integers: {@code neg = min(min, 0)}, {@code pos = max(max, 0)}, so zero is always representable. Symmetric: {@code
 * scale = max(max(-neg, pos) / ((hi - lo) / 2), 2^-23)}, zero point 0. Asymmetric: {@code scale = max((pos - neg) / (hi -
 * lo), 2^-23)}, {@code zeroPoint = clamp(lo - rint(neg / scale))}. Floating point: {@code scale = max(|min|, |max|) /
 * largest}, 1 for all zeros. Each result is rounded to the working type.
 *
 * <p>A floating-point scale that a rounding takes to zero is the type's smallest normal number instead, and no scale passes
 * the type's largest number.
 *
 * @param format the codes' format
 * @param symmetric whether the zero point is 0; has no meaning for floating point
 * @param scaleType the numbers that a scale may take
 * @param rounding how scaled values become integers; floating point is always nearest even
 * @param workingType the type that the tensor comes in
 */
public record ScaleFormula(
        NumberFormat format, boolean symmetric, ScaleType scaleType, RoundType rounding, WorkingType workingType) {
    /** The smallest scale of an integer type. */
    public static final float EPSILON = 0x1p-23f;

    /** A scale and a zero point. */
    public record Parameters(float scale, int zeroPoint) {}

    /** The scale and zero point of a range, which must be finite. */
    public Parameters parameters(Range range) {
        return switch (format) {
            case IntFormat integer -> symmetric ? symmetric(integer, range) : asymmetric(integer, range);
            case FloatFormat floating -> floating(floating, range);
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        };
    }

    /** Quantization with that scale and zero point. */
    public ElementQuantizer quantizer(float scale, int zeroPoint) {
        return switch (format) {
            case IntFormat integer -> new IntElementQuantizer(integer, rounding, workingType, scale, zeroPoint);
            case FloatFormat floating -> new FloatElementQuantizer(floating, workingType, scale);
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        };
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
