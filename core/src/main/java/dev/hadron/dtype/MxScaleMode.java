package dev.hadron.dtype;

/** How the largest magnitude of an OCP MX block becomes its power of two. */
public enum MxScaleMode {
    /** The exponent of the magnitude, less the largest exponent of an element. */
    FLOOR,
    /** The same after the magnitude was rounded to the precision of an element, so that it doesn't saturate. */
    EVEN
}
