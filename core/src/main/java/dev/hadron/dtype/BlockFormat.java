package dev.hadron.dtype;

/**
 * Small elements in blocks along an axis that share a scale of a special form. The last block of an axis may be shorter, as if
 * zeros followed.
 *
 * @param element an element's code under its scale
 * @param scale what a block shares
 */
public record BlockFormat(NumberFormat element, BlockScale scale) implements NumberFormat {
    /** 5-bit integers under an exponent and pair bits. */
    public static final BlockFormat MX6 = new BlockFormat(new IntFormat(5, true), BlockScale.EXPONENT_AND_PAIR_BITS);

    /** 8-bit integers under an exponent and pair bits. */
    public static final BlockFormat MX9 = new BlockFormat(new IntFormat(8, true), BlockScale.EXPONENT_AND_PAIR_BITS);

    /** 8-bit integers under an exponent. */
    public static final BlockFormat BFP16 = new BlockFormat(new IntFormat(8, true), BlockScale.EXPONENT);

    /** 4-bit floating point under an FP8 scale under a float32 scale. */
    public static final BlockFormat NVFP4 = new BlockFormat(FloatFormat.E2M1, BlockScale.E4M3);

    /**
     * OCP microscaling of these elements.
     *
     * @param element one of the floating-point formats, or signed 8-bit integers
     */
    public static BlockFormat mx(NumberFormat element) {
        return new BlockFormat(element, BlockScale.E8M0);
    }

    @Override
    public int bits() {
        return element.bits();
    }
}
