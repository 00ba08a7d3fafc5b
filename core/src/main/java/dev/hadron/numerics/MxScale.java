package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.WorkingType;

/**
 * A block's power of two (OCP Microscaling Formats 1.0, section 6.3): the exponent of the largest magnitude, less the exponent of the
 * largest element.
 *
 * <p>{@code EVEN} rounds the magnitude to the element's mantissa first: {@code ((bits(amax) + 2^(22 - m)) >> 23) - 127 - emax} with
 * {@code bits} its float32 pattern and {@code m} the mantissa's bits.
 *
 * @param element floating point, or signed 8-bit integers, whose element 64 is the number 1 and whose codes are −127..127
 * @param inByte whether the exponent stays within −127..127, what a stored byte holds. {@code EVEN} always does. The reference's {@code FLOOR}
 *     doesn't, and quantizes integers by the reciprocal of a step, which is infinite below 2^-127: all elements then become the lowest
 */
public record MxScale(NumberFormat element, MxScaleMode mode, WorkingType workingType, boolean inByte)
        implements ScaleFormula {
    /** A signed 8-bit element of 1 is the code 64. */
    private static final float INTEGER_ONE = 64f;

    private static final int LARGEST_EXPONENT = 127;

    /** As the reference computes it. */
    public MxScale(NumberFormat element, MxScaleMode mode, WorkingType workingType) {
        this(element, mode, workingType, mode == MxScaleMode.EVEN);
    }

    /** The same, with exponents that can be stored. */
    public MxScale stored() {
        return new MxScale(element, mode, workingType, true);
    }

    @Override
    public NumberFormat format() {
        return BlockFormat.mx(element);
    }

    @Override
    public Parameters parameters(Range range) {
        return new Parameters(scale(range.absoluteMax()), 0f);
    }

    /** The scale of a block with this largest magnitude. */
    public float scale(float largest) {
        float scale = switch (mode) {
            case FLOOR -> PowerOfTwo.atMost(largest, largestExponent(), workingType);
            case EVEN -> even(largest);
        };
        return inByte ? Math.max(scale, 0x1p-127f) : scale;
    }

    @Override
    public ElementQuantizer quantizer(float scale, float zeroPoint) {
        return switch (element) {
            case FloatFormat floating -> new BlockElementQuantizer(floating, scale, workingType);
            case IntFormat integer -> integers(integer, scale / INTEGER_ONE);
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }

    private ElementQuantizer integers(IntFormat integer, float step) {
        boolean lowestOnly = !inByte && Float.isInfinite(1f / step);
        float highest = lowestOnly ? -integer.highest() : integer.highest();
        return new BlockElementQuantizer(integer, -integer.highest(), highest, false, step, workingType);
    }

    /** What {@code EVEN} adds to the float32 pattern of a magnitude, of which it takes the exponent then. */
    public int roundingOfPattern() {
        return 1 << (22 - mantissa());
    }

    private float even(float largest) {
        int rounded = Float.floatToRawIntBits(largest) + roundingOfPattern();
        int exponent = (rounded >> 23) - 127 - largestExponent();
        return Math.scalb(1f, Math.clamp(exponent, -LARGEST_EXPONENT, LARGEST_EXPONENT));
    }

    private int mantissa() {
        return switch (element) {
            case FloatFormat floating -> floating.mantissa();
            case IntFormat integer -> integer.bits() - 2;
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }

    /** The exponent of the largest element. */
    public int largestExponent() {
        return switch (element) {
            case FloatFormat floating -> Math.getExponent(floating.max());
            case IntFormat unused -> 0;
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }
}
