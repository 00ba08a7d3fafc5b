package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.WorkingType;

/**
 * The scales of MX6 and MX9: with {@code E} the exponent of the block's largest magnitude, a pair of neighbours has the step {@code 2^(E - bits +
 * 2)}, half of it where the exponents of both are below {@code E}. Elements are {@code rint(x / step)}, at most {@code (2^(E+1) - step) / step}.
 *
 * <p>A halved step can round up to an element that takes one bit more than there is. {@link #isStoredHalved} is what a checkpoint holds of such a pair.
 *
 * @param format {@link BlockFormat#MX6} or {@link BlockFormat#MX9}
 */
public record PairScale(BlockFormat format, WorkingType workingType) implements ScaleFormula {
    /** Elements that share a bit. */
    public static final int PAIR = 2;

    private static final int SUBNORMAL_HALF = -15;

    /** The exponent {@code E} of a block with this range, as the step of a pair that isn't halved. */
    @Override
    public Parameters parameters(Range range) {
        return new Parameters(step(exponent(range.absoluteMax())), 0f);
    }

    /** The exponent of a magnitude in the working type; of subnormal numbers one less than of the smallest normal one. */
    public int exponent(float magnitude) {
        return switch (workingType) {
            case FLOAT32, BFLOAT16 -> Math.getExponent(magnitude);
            case FLOAT16 -> Math.max(Math.getExponent(magnitude), SUBNORMAL_HALF);
        };
    }

    /** The step of a pair whose larger exponent is this one, if it is the block's. */
    public float step(int exponent) {
        return Math.scalb(1f, exponent - element().bits() + 2);
    }

    /** Whether a pair in a block of that exponent has half the block's step. */
    public boolean isHalved(int exponent, float a, float b) {
        return exponent(Math.abs(a)) < exponent && exponent(Math.abs(b)) < exponent;
    }

    /** The same as a checkpoint holds it: not where an element wouldn't fit and both lie on the coarser grid. */
    public boolean isStoredHalved(int exponent, float a, float b) {
        if (!isHalved(exponent, a, b)) {
            return false;
        }
        double step = step(exponent - 1);
        double first = Math.rint(a / step);
        double second = Math.rint(b / step);
        boolean fits = Math.max(Math.abs(first), Math.abs(second)) <= element().highest();
        return fits || first % 2 != 0 || second % 2 != 0;
    }

    /** Fake quantization of a pair: half a step leaves room for an element of one bit more. */
    public ElementQuantizer pairQuantizer(int exponent, boolean halved) {
        float limit = halved ? element().highest() + 1f : element().highest();
        return new BlockElementQuantizer(
                element(), -limit, limit, true, step(halved ? exponent - 1 : exponent), workingType);
    }

    /** Elements that a checkpoint has room for: a sign and a magnitude. */
    @Override
    public ElementQuantizer quantizer(float scale, float zeroPoint) {
        float limit = element().highest();
        return new BlockElementQuantizer(element(), -limit, limit, true, scale, workingType);
    }

    @Override
    public long elementsPerScale(long length) {
        return PAIR;
    }

    private IntFormat element() {
        return (IntFormat) format.element();
    }
}
