package dev.hadron.config;

/** The device that a quantized model is meant for. Kept and written; it changes nothing. */
public enum DeviceType {
    /** A general-purpose processor. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** An inference processor. */
    IPU
}
