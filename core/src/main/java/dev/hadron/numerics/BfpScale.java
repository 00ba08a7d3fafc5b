package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.WorkingType;

/**
 * The exponent of a block of 8-bit integers: {@code 2^(floor(log2(amax)) - 6)}, and twice that where rounding would pass 127.
 *
 * @param inByte whether {@code floor(log2(amax))} stays within −127..127, what a stored byte holds. The reference's doesn't, and quantizes by the
 *     reciprocal of the scale, which is infinite below 2^-127: all elements then become the lowest
 */
public record BfpScale(WorkingType workingType, boolean inByte) implements ScaleFormula {
    private static final IntFormat ELEMENT = (IntFormat) BlockFormat.BFP16.element();
    /** How far an element's largest bit is above its lowest. */
    public static final int MAGNITUDE_BITS = 6;

    private static final float LARGEST_STORED = Math.scalb(1f, 127 - MAGNITUDE_BITS);
    private static final float SMALLEST_STORED = Math.scalb(1f, -127 - MAGNITUDE_BITS);

    /** As the reference computes it. */
    public BfpScale(WorkingType workingType) {
        this(workingType, false);
    }

    /** The same, with exponents that can be stored. */
    public BfpScale stored() {
        return new BfpScale(workingType, true);
    }

    @Override
    public NumberFormat format() {
        return BlockFormat.BFP16;
    }

    @Override
    public Parameters parameters(Range range) {
        float largest = range.absoluteMax();
        float scale = scale(largest);
        boolean passes = Math.rint(range.max() / scale) > ELEMENT.highest()
                || Math.rint(range.min() / scale) < ELEMENT.lowest()
                || hasInfiniteReciprocal(scale);
        return new Parameters(passes ? scale(workingType.round(largest * 2f)) : scale, 0f);
    }

    @Override
    public ElementQuantizer quantizer(float scale, float zeroPoint) {
        float highest = hasInfiniteReciprocal(scale) ? ELEMENT.lowest() : ELEMENT.highest();
        return new BlockElementQuantizer(ELEMENT, ELEMENT.lowest(), highest, false, scale, workingType);
    }

    /** The scale of a block with this largest magnitude, unless that is rounded to more than an element holds. */
    public float scale(float largest) {
        if (Float.isInfinite(largest)) {
            return inByte ? LARGEST_STORED : largest;
        }
        float scale = PowerOfTwo.atMost(largest, MAGNITUDE_BITS, workingType);
        return inByte ? Math.max(scale, SMALLEST_STORED) : scale;
    }

    /** For each exponent of a float32 the fraction, as 23 bits, from which on a largest magnitude counts as the next power of two. */
    public int[] nextPowers() {
        return PowerOfTwo.thresholdsOf(workingType).clone();
    }

    private boolean hasInfiniteReciprocal(float scale) {
        return !inByte && Float.isInfinite(1f / scale);
    }
}
