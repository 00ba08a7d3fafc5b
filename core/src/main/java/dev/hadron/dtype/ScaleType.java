package dev.hadron.dtype;

/** The numbers that a scale may take. */
public enum ScaleType {
    /** The precision of the tensor that is quantized. */
    FLOAT,
    /** The next power of two that isn't smaller. */
    POF2,
    /** Rounded to float32. */
    FLOAT32,
    /** Rounded to half precision. */
    FLOAT16,
    /** Rounded to bfloat16. */
    BFLOAT16
}
