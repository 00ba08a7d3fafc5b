package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hadron's own safetensors layout, version 1, which holds every data type in as many bits as it promises. Rows stay rows. For a linear layer
 * {@code X} of {@code [out, in]}, or an embedding table of {@code [rows, width]}:
 *
 * <ul>
 *   <li>{@code X.weight}: codes of 8 bits as I8, U8, F8_E4M3 or F8_E5M2 {@code [out, in]}; float16 and bfloat16 as F16 and BF16 {@code [out, in]};
 *       codes of fewer bits without gaps (see {@link dev.hadron.packing.BitRows}) as U8 {@code [out, in*bits/8]}. Elements of MX6 and MX9 are a sign
 *       above their magnitude, all other integers two's complement.
 *   <li>{@code X.weight_scale}: of integers and FP8 {@code []}, {@code [out]} or {@code [out, in/group]} in the type of the source's weights; of MX U8
 *       (E8M0) {@code [out, in/block]}; of NVFP4 F8_E4M3 {@code [out, in/16]}.
 *   <li>{@code X.weight_zero_point}: of asymmetric integers, in the scale's shape: 8 bits each as I8 or U8, but per group without gaps as U8 {@code
 *       [out, ceil(groups*bits/8)]}; F32 where zero points may lie between the codes.
 *   <li>{@code X.weight_global_scale}: of NVFP4, F32 {@code []}.
 *   <li>{@code X.weight_exponent}: of MX6, MX9 and BFP16, U8 {@code [out, in/block]}: the exponent E of a block's largest magnitude + 127. The step of
 *       an element is {@code 2^(E - bits + 2)}.
 *   <li>{@code X.weight_pair_bits}: of MX6 and MX9, U8 {@code [out, ceil(in/16)]}: a bit a pair, the first in the lowest bit, that halves the
 *       pair's step.
 *   <li>{@code X.input_scale}, {@code X.output_scale}, {@code X.input_zero_point}, {@code X.output_zero_point}: of static activations, {@code []}.
 * </ul>
 *
 * <p>The last block of a row may be shorter. {@code config.json} lists the layers by what they got, see {@link HadronConfiguration}.
 */
public final class HadronLayout implements Layout {
    /** The layout. */
    public HadronLayout() {}

    @Override
    public List<TensorDeclaration> declare(LayerFormat format) {
        List<TensorDeclaration> declared = new ArrayList<>();
        if (format.weight().isPresent()) {
            declared.addAll(HadronWeight.of(format).declare());
        }
        declared.addAll(StaticActivations.declare(format));
        return declared;
    }

    /** Rows stay rows. */
    @Override
    public Slicing slicing(LayerFormat format) {
        return new Slicing(0, 1);
    }

    @Override
    public Map<String, Tensor> packWeight(LayerFormat format, QuantizedTensor weight, Arena arena) {
        return HadronWeight.of(format).pack(weight, arena);
    }

    @Override
    public Map<String, Tensor> packActivations(LayerFormat format, LayerParameters parameters) {
        return StaticActivations.pack(format, parameters);
    }

    @Override
    public QuantizedTensor unpackWeight(LayerFormat format, Function<String, Tensor> tensors, Arena arena) {
        HadronWeight weight = HadronWeight.of(format);
        for (TensorDeclaration declared : weight.declare()) {
            StoredTensorCheck.check(declared, tensors.apply(declared.name()), format);
        }
        return weight.unpack(tensors, arena);
    }

    @Override
    public LayerParameters unpackActivations(LayerFormat format, Function<String, Tensor> tensors) {
        return StaticActivations.unpack(format, tensors);
    }

    @Override
    public List<LayerFormat> layers(StoredConfiguration configuration, StoredTensors tensors) {
        return HadronConfiguration.read(configuration, tensors);
    }

    @Override
    public Config config(StoredConfiguration configuration) {
        return ConfigJson.fromTree(configuration.tree().path("config"), configuration.origin() + ": config");
    }

    @Override
    public ObjectNode configuration(Config config, List<LayerFormat> quantized, List<String> kept) {
        return HadronConfiguration.write(config, quantized);
    }
}
