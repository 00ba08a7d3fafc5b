package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code quark} safetensors layout as release 0.13 of AMD Quark writes it. For a linear layer {@code X} of {@code [out, in]}:
 *
 * <ul>
 *   <li>{@code X.weight}: 8-bit integers as I8 or U8 {@code [out, in]}, per group transposed to {@code [in, out]}; FP8 as F8_E4M3 or
 *       F8_E5M2 {@code [out, in]}; 4-bit integers eight to an I32 (see {@link dev.hadron.packing.NibbleWords}), {@code [out, in/8]} per
 *       channel, {@code [in, out/8]} per group; MXFP4 and MXFP6 without gaps (see {@link dev.hadron.packing.BitRows}) as U8 {@code [out, in/2]} and {@code
 *       [out, in*6/8]}.
 *   <li>{@code X.weight_scale}: {@code []}, {@code [out]} or {@code [in/group, out]}, in the type of the source's weights; F32 for 8-bit
 *       integers with one scale; of MX a byte a block (E8M0) as U8 {@code [out, in/32]}.
 *   <li>{@code X.weight_zero_point}: of integers, symmetric ones too: 8-bit in the weight's own type and the scale's shape, 4-bit
 *       packed like the weight, {@code [out/8]} or {@code [in/group, out/8]}.
 *   <li>{@code X.input_scale}, {@code X.output_scale} and, of integers, {@code X.input_zero_point}, {@code X.output_zero_point}: of static
 *       activations, {@code []}.
 * </ul>
 */
public final class QuarkLayout implements Layout {
    /** The layout. */
    public QuarkLayout() {}

    @Override
    public List<TensorDeclaration> declare(LayerFormat format) {
        List<TensorDeclaration> declared = new ArrayList<>();
        format.weight().ifPresent(spec -> declared.addAll(QuarkWeight.declare(format, spec)));
        format.input().ifPresent(spec -> checkActivation(format, "input", spec));
        format.output().ifPresent(spec -> checkActivation(format, "output", spec));
        declared.addAll(StaticActivations.declare(format));
        if (declared.isEmpty()) {
            // Nothing in the file would tell the layer from one that stays as it is.
            throw QuarkPlacement.unsupported(
                    format,
                    "dynamic activations beside a floating-point weight",
                    "quantized weights and static activations");
        }
        return declared;
    }

    /** The consumers' static activations have 8 bits. */
    private static void checkActivation(LayerFormat format, String side, QuantizationSpec spec) {
        if (LayerFormat.isStatic(spec) && spec.dtype().bits() != Byte.SIZE) {
            throw QuarkPlacement.unsupported(
                    format, "a static " + spec.dtype().wireName() + " " + side, "static activations of 8 bits");
        }
    }

    @Override
    public Slicing slicing(LayerFormat format) {
        return format.weight().isEmpty()
                ? new Slicing(0, 1)
                : QuarkWeight.slicing(format, format.weight().get());
    }

    @Override
    public Map<String, Tensor> packWeight(LayerFormat format, QuantizedTensor weight, Arena arena) {
        return QuarkWeight.pack(format, weight, arena);
    }

    @Override
    public Map<String, Tensor> packActivations(LayerFormat format, LayerParameters parameters) {
        return StaticActivations.pack(format, parameters);
    }

    @Override
    public QuantizedTensor unpackWeight(LayerFormat format, Function<String, Tensor> tensors, Arena arena) {
        return QuarkWeight.unpack(format, format.weight().orElseThrow(), tensors, arena);
    }

    @Override
    public LayerParameters unpackActivations(LayerFormat format, Function<String, Tensor> tensors) {
        return StaticActivations.unpack(format, tensors);
    }

    @Override
    public List<LayerFormat> layers(StoredConfiguration configuration, StoredTensors tensors) {
        return QuarkLayers.of(configuration, tensors);
    }

    @Override
    public Config config(StoredConfiguration configuration) {
        return ConfigJson.fromTree(configuration.tree(), configuration.origin());
    }

    @Override
    public ObjectNode configuration(Config config, List<LayerFormat> quantized, List<String> kept) {
        return new QuarkConfiguration(config, quantized, kept).toTree();
    }
}
