package dev.hadron.dtype;

/** What the elements of a block share. */
public enum BlockScale {
    /** A power of two in 8 bits, exponent + 127 (OCP MX 1.0). */
    E8M0,
    /** An FP8 (E4M3) number, which a float32 of the whole tensor multiplies. */
    E4M3,
    /** The exponent of the block's largest magnitude; rounding may raise it by one. */
    EXPONENT,
    /** The exponent of the block's largest magnitude, less one bit for each pair of elements that are all smaller. */
    EXPONENT_AND_PAIR_BITS
}
