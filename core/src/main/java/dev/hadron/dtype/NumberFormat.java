package dev.hadron.dtype;

/** What the bits of one element mean. */
public sealed interface NumberFormat permits IntFormat, FloatFormat, HalfFormat, BlockFormat {
    /** Bits of one element, without its share of a scale. */
    int bits();
}
