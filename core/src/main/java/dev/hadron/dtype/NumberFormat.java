package dev.hadron.dtype;

/** What the bits of one element mean. */
public sealed interface NumberFormat permits IntFormat, FloatFormat {
    /** Bits of one element. */
    int bits();
}
