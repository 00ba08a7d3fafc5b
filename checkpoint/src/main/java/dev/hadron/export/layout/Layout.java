package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.Config;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** How packed tensors are named, ordered and described: a pure map from quantized layers to named tensors and back. */
public interface Layout {
    /**
     * The tensors that a layer becomes, in the order in which they are written: those of the weight if it is quantized, then
     * those of static activations.
     *
     * @throws dev.hadron.error.UnsupportedQuantizationException when the layout can't hold the layer
     */
    List<TensorDeclaration> declare(LayerFormat format);

    /**
     * How a layer's weight may be packed in slices, each as a weight of its own with the {@link LayerFormat#ofSlice format} of its shape.
     */
    Slicing slicing(LayerFormat format);

    /**
     * The weight's tensors, as declared.
     *
     * @param arena owns what is made anew
     */
    Map<String, Tensor> packWeight(LayerFormat format, QuantizedTensor weight, Arena arena);

    /** The activations' tensors, as declared. */
    Map<String, Tensor> packActivations(LayerFormat format, LayerParameters parameters);

    /**
     * The inverse of {@link #packWeight}.
     *
     * @param tensors gives a tensor by its name
     * @param arena owns the result
     */
    QuantizedTensor unpackWeight(LayerFormat format, Function<String, Tensor> tensors, Arena arena);

    /** The inverse of {@link #packActivations}. */
    LayerParameters unpackActivations(LayerFormat format, Function<String, Tensor> tensors);

    /**
     * The quantized layers of a checkpoint in this layout.
     *
     * @param configuration what its {@code config.json} says of quantization
     * @param tensors what it holds
     * @throws dev.hadron.error.HadronException when configuration and tensors don't fit
     */
    List<LayerFormat> layers(StoredConfiguration configuration, StoredTensors tensors);

    /** What was asked for when the checkpoint was made, as far as its configuration keeps that. */
    Config config(StoredConfiguration configuration);

    /**
     * What {@code config.json} says of quantization, so that the consumer gives each layer what it got here.
     *
     * @param config what the user said
     * @param quantized the layers that are quantized in any way
     * @param kept the names of the linear layers that stay as they are
     */
    ObjectNode configuration(Config config, List<LayerFormat> quantized, List<String> kept);
}
