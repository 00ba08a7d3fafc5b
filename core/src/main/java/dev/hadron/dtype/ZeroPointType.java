package dev.hadron.dtype;

/** The numbers that a zero point may take. */
public enum ZeroPointType {
    /** Whole numbers of the quantized type's range. */
    INT32,
    /** Any float32. */
    FLOAT32
}
