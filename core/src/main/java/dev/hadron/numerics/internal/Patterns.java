package dev.hadron.numerics.internal;

/** Bit patterns of float32. */
final class Patterns {
    static final int SIGN = 0x8000_0000;
    static final int MAGNITUDE = 0x7FFF_FFFF;
    static final int UPPER_HALF = 0xFFFF_0000;
    static final int LOWER_HALF = 0xFFFF;
    static final int INFINITY = 0x7F80_0000;
    static final int NAN = 0x7FC0_0000;

    /** How many bits a fraction has. */
    static final int FRACTION = 23;

    static final int BIAS = 127;

    /**
     * {@code 1.5 * 2^23}: in {@code x + SHIFT} the last bit is worth one, so the addition rounds {@code x} half to even. The
     * bits of the sum are {@link #WHOLE} plus the whole number. That holds up to 2^22; beyond, and for infinity, the bits are
     * below or above those of all smaller numbers, as the number is, so that a clamp of them to a narrower range is right.
     */
    static final float SHIFT = 0x1.8p23f;

    /** The bits of {@code 0 + SHIFT}. */
    static final int WHOLE = Float.floatToRawIntBits(SHIFT);

    private Patterns() {}
}
