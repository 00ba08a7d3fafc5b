package dev.hadron.report;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What came of a quantization.
 *
 * @param output the published folder
 * @param layers how many layers are quantized
 * @param layersKept how many stay as they are
 * @param bytesBefore of the source's tensors
 * @param bytesAfter of the result's tensors
 * @param bitsPerWeight of the quantized layers' weights, scales and zero points included; 0 where no weight is quantized
 * @param perplexityBefore of the source, where an evaluation was asked for
 * @param perplexityAfter of the result, run as it will be served
 * @param stages in the order in which they ran
 * @param peakMemoryBytes the most memory that the process has had resident so far
 * @param qualities what quantizing did to each weight, in the order of the source
 * @param notes what the user should know, a sentence each
 */
public record QuantizationReport(
        Path output,
        int layers,
        int layersKept,
        long bytesBefore,
        long bytesAfter,
        double bitsPerWeight,
        Optional<Perplexity> perplexityBefore,
        Optional<Perplexity> perplexityAfter,
        List<StageTime> stages,
        long peakMemoryBytes,
        List<LayerQuality> qualities,
        List<String> notes) {
    /** The layers with the lowest signal-to-noise ratio, the lowest first. */
    public List<LayerQuality> worst(int count) {
        return qualities.stream()
                .sorted(Comparator.comparingDouble(layer -> layer.statistics().signalToNoise()))
                .limit(count)
                .toList();
    }

    /** Copies the lists. */
    public QuantizationReport {
        stages = List.copyOf(stages);
        qualities = List.copyOf(qualities);
        notes = List.copyOf(notes);
    }
}
