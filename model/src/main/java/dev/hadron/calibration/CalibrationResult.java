package dev.hadron.calibration;

import dev.hadron.export.layout.LayerParameters;
import java.util.List;
import java.util.Map;

/**
 * What calibration found.
 *
 * @param parameters of each layer that has static activations
 * @param notes what the user should know, a sentence each
 */
public record CalibrationResult(Map<String, LayerParameters> parameters, List<String> notes) {
    /** Copies the collections. */
    public CalibrationResult {
        parameters = Map.copyOf(parameters);
        notes = List.copyOf(notes);
    }
}
