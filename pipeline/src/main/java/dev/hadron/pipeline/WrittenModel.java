package dev.hadron.pipeline;

import dev.hadron.report.LayerQuality;
import java.util.List;
import java.util.Map;

/**
 * What was written, as it was in memory at that moment.
 *
 * @param tensors the pieces that each tensor was written in, by name
 * @param quantizedWeights how many weights were quantized
 * @param quantizedBytes what they take in the file, scales and zero points included
 * @param smallScales layers whose scales had to be raised to the smallest number of their type
 * @param qualities what quantizing did to each weight
 */
public record WrittenModel(
        Map<String, List<Piece>> tensors,
        long quantizedWeights,
        long quantizedBytes,
        List<String> smallScales,
        List<LayerQuality> qualities) {
    /** Copies the collections. */
    public WrittenModel {
        tensors = Map.copyOf(tensors);
        smallScales = List.copyOf(smallScales);
        qualities = List.copyOf(qualities);
    }

    /**
     * A part of a tensor.
     *
     * @param at where in the tensor it begins, in bytes
     * @param bytes how long it is
     * @param checksum CRC-32C of it
     */
    public record Piece(long at, long bytes, long checksum) {}

    /** Bits that a quantized weight takes, scales and zero points included; 0 where there is none. */
    public double bitsPerWeight() {
        return quantizedWeights == 0 ? 0 : (double) quantizedBytes * Byte.SIZE / quantizedWeights;
    }
}
