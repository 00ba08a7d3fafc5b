package dev.hadron.export.layout;

import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.TensorSlice;
import java.util.Optional;

/**
 * What a layout needs to know of a quantized layer.
 *
 * @param layer the module's name: {@code model.layers.0.mlp.down_proj}
 * @param type {@code LINEAR} or {@code EMBEDDING}
 * @param shape of the weight, {@code [out, in]}; of an embedding table {@code [rows, width]}
 * @param workingType the type that the weight came in
 * @param weight how the weight is quantized, and never dynamic, since it is stored so; empty when it stays floating point
 * @param input how the input is
 * @param output how the output is
 */
public record LayerFormat(
        String layer,
        LayerType type,
        Shape shape,
        WorkingType workingType,
        Optional<QuantizationSpec> weight,
        Optional<QuantizationSpec> input,
        Optional<QuantizationSpec> output) {
    /** Takes the weight as it is {@linkplain #stored stored}. */
    public LayerFormat {
        weight = weight.map(LayerFormat::stored);
    }

    /** A weight's specification once it is stored quantized: static, also if it was asked to be dynamic, as named MX specifications are. */
    static QuantizationSpec stored(QuantizationSpec weight) {
        return weight.toBuilder().isDynamic(false).build();
    }

    /** The same for a slice of the weight. */
    public LayerFormat ofSlice(TensorSlice slice) {
        return new LayerFormat(layer, type, slice.shape(), workingType, weight, input, output);
    }

    /** The name of the weight's tensor before it was quantized. */
    public String weightTensor() {
        return layer + ".weight";
    }

    /** Whether a specification's scales are found in calibration and stored; formats in blocks find theirs anew in any case. */
    public static boolean isStatic(QuantizationSpec spec) {
        return Boolean.FALSE.equals(spec.isDynamic()) && Observers.canBeStatic(spec.format());
    }
}
