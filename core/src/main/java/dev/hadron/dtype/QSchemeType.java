package dev.hadron.dtype;

/** Which elements of a tensor share a scale. */
public enum QSchemeType {
    /** All of them. */
    PER_TENSOR,
    /** Those with the same index along one axis. */
    PER_CHANNEL,
    /** Runs of a fixed number of elements along one axis. */
    PER_GROUP
}
