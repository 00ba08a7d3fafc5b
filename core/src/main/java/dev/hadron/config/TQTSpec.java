package dev.hadron.config;

import org.jspecify.annotations.Nullable;

/**
 * Trained quantization thresholds, in graph mode: accepted, written and read; a run that needs it refuses it.
 *
 * @param thresholdInitMeth how a threshold starts; unset by default
 */
public record TQTSpec(@Nullable TQTThresholdInitMeth thresholdInitMeth) implements ConfigBase {
    /** With the start unset. */
    public static TQTSpec of() {
        return new TQTSpec(null);
    }
}
