package dev.hadron.config;

import org.jspecify.annotations.Nullable;

/**
 * Thresholds that training finds: Jain et al., "Trained Quantization Thresholds", MLSys 2020 (arXiv:1903.08066). Accepted, written and read; a run that
 * needs it is refused.
 *
 * @param thresholdInitMeth how a threshold starts; unset by default
 */
public record TQTSpec(@Nullable TQTThresholdInitMethod thresholdInitMeth) implements ConfigBase {
    /** With the start unset. */
    public static TQTSpec of() {
        return new TQTSpec(null);
    }
}
