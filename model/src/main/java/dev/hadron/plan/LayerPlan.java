package dev.hadron.plan;

import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.tensor.Shape;
import java.util.Optional;

/**
 * What is done to one layer. Each specification is complete.
 *
 * @param layer the module's name, which users address and consumers match
 * @param type {@code LINEAR} or {@code EMBEDDING}
 * @param weightView where its weight stands in the checkpoint
 * @param workingType the type of the weight's elements
 * @param weight how the weight is quantized; empty when it stays as it is
 * @param input how the input is
 * @param output how the output is; for key and value projections that is what the cache holds
 * @param source which part of the configuration decided
 */
public record LayerPlan(
        String layer,
        LayerType type,
        WeightView weightView,
        WorkingType workingType,
        Optional<QuantizationSpec> weight,
        Optional<QuantizationSpec> input,
        Optional<QuantizationSpec> output,
        String source) {
    /**
     * Where a weight stands: module names and checkpoint names are two name spaces, and this is the mapping.
     *
     * @param tensor the checkpoint's name
     * @param shape {@code [out, in]}
     */
    public record WeightView(String tensor, Shape shape) {}

    /** Whether scales of activations are found by running the model. */
    public boolean needsCalibration() {
        return input.filter(LayerFormat::isStatic).isPresent()
                || output.filter(LayerFormat::isStatic).isPresent();
    }

    /** The same as layouts see it. */
    public LayerFormat format() {
        return new LayerFormat(layer, type, weightView.shape(), workingType, weight, input, output);
    }
}
