package dev.hadron.pipeline;

import dev.hadron.export.ExportLayout;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was written, as it was in memory at that moment.
 *
 * @param layout the layout that it was written in
 * @param tensors checksums of the packed tensors' bytes, by name
 * @param weights checksums of the quantized weights before they were packed, by layer
 * @param quantizedWeights how many weights were quantized
 * @param quantizedBytes what they take in the file, scales and zero points included
 * @param smallScales layers whose scales had to be raised to the smallest number of their type
 */
public record WrittenModel(
        ExportLayout layout,
        Map<String, Long> tensors,
        Map<String, Long> weights,
        long quantizedWeights,
        long quantizedBytes,
        List<String> smallScales) {
    /** Copies the collections. */
    public WrittenModel {
        tensors = Map.copyOf(tensors);
        weights = Map.copyOf(weights);
        smallScales = List.copyOf(smallScales);
    }

    /** Bits that a quantized weight takes, scales and zero points included; 0 where there is none. */
    public double bitsPerWeight() {
        return quantizedWeights == 0 ? 0 : (double) quantizedBytes * Byte.SIZE / quantizedWeights;
    }

    /** Collects what is written. */
    static final class Builder {
        private final ExportLayout layout;
        private final Map<String, Long> tensors = new HashMap<>();
        private final Map<String, Long> weights = new HashMap<>();
        private final List<String> smallScales = new ArrayList<>();
        private long quantizedWeights;
        private long quantizedBytes;

        Builder(ExportLayout layout) {
            this.layout = layout;
        }

        void weight(LayerPlan layer, QuantizedTensor weight, Map<String, Tensor> packed) {
            weights.put(layer.layer(), Digest.of(weight));
            quantizedWeights += weight.shape().elements();
            packed.values().forEach(tensor -> quantizedBytes += tensor.data().byteSize());
            float smallest = weight.workingType().minNormal();
            for (long i = 0; i < weight.scale().elements(); i++) {
                if (weight.scale().floatAt(i) == smallest) {
                    smallScales.add(layer.layer());
                    break;
                }
            }
        }

        void tensor(String name, Tensor tensor) {
            tensors.put(name, Digest.of(tensor));
        }

        WrittenModel build() {
            return new WrittenModel(layout, tensors, weights, quantizedWeights, quantizedBytes, smallScales);
        }
    }
}
