package dev.hadron.config;

/** How a trained threshold starts. */
public enum TQTThresholdInitMeth {
    /** The magnitude of the mean plus three standard deviations. */
    _3SD,
    /** The threshold whose histogram loses the least by the Kullback-Leibler-J measure. */
    _KL_J
}
