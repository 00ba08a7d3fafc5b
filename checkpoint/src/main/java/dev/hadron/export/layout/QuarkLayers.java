package dev.hadron.export.layout;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which layers of a checkpoint in the {@code quark} layout are quantized, and how: its configuration, resolved layer by layer. */
final class QuarkLayers {
    private static final String WEIGHT = ".weight";

    private final LayerResolver resolver;
    private final StoredTensors tensors;
    private final WorkingType workingType;

    private QuarkLayers(LayerResolver resolver, StoredTensors tensors) {
        this.resolver = resolver;
        this.tensors = tensors;
        this.workingType = tensors.workingType();
    }

    static List<LayerFormat> of(StoredConfiguration configuration, StoredTensors tensors) {
        LayerResolver resolver = new LayerResolver(ConfigJson.fromTree(configuration.tree(), configuration.origin()));
        return new QuarkLayers(resolver, tensors).all();
    }

    private List<LayerFormat> all() {
        List<LayerFormat> layers = new ArrayList<>();
        for (TensorInfo tensor : tensors.all()) {
            if (!tensor.name().endsWith(WEIGHT) || tensor.shape().rank() != 2) {
                continue;
            }
            String layer = tensor.name().substring(0, tensor.name().length() - WEIGHT.length());
            boolean quantizedWeight = tensors.find(tensor.name() + "_scale").isPresent();
            Optional<QuantizationConfig> resolved =
                    resolver.resolve(layer, LayerType.LINEAR).map(LayerResolver.Resolved::config);
            if (quantizedWeight && resolved.isEmpty()) {
                throw new CheckpointFormatException(
                        "the tensor " + tensor.name()
                                + " has a scale, but quantization_config leaves its layer as it is; config.json doesn't belong to the weights");
            }
            resolved.map(found -> format(layer, tensor, found, quantizedWeight))
                    .filter(format -> format.weight().isPresent()
                            || format.input().isPresent()
                            || format.output().isPresent())
                    .ifPresent(layers::add);
        }
        return layers;
    }

    private LayerFormat format(String layer, TensorInfo tensor, QuantizationConfig resolved, boolean quantizedWeight) {
        Optional<QuantizationSpec> weight = quantizedWeight ? spec(resolved.weight(), layer) : Optional.empty();
        if (quantizedWeight && weight.isEmpty()) {
            throw new CheckpointFormatException(
                    "the tensor " + tensor.name()
                            + " has a scale, but quantization_config doesn't quantize it; config.json doesn't belong to the weights");
        }
        boolean isLinear = quantizedWeight || hasStoredActivations(layer);
        return new LayerFormat(
                layer,
                LayerType.LINEAR,
                weight.map(spec -> shape(tensor.shape(), spec)).orElse(tensor.shape()),
                workingType,
                weight,
                isLinear ? spec(resolved.inputTensors(), layer) : Optional.empty(),
                isLinear ? spec(resolved.outputTensors(), layer).filter(s -> hasOutput(layer, s)) : Optional.empty());
    }

    private boolean hasStoredActivations(String layer) {
        return tensors.find(layer + ".input_scale").isPresent()
                || tensors.find(layer + ".output_scale").isPresent();
    }

    private boolean hasOutput(String layer, QuantizationSpec spec) {
        return !LayerFormat.isStatic(spec)
                || tensors.find(layer + ".output_scale").isPresent();
    }

    private static Optional<QuantizationSpec> spec(@Nullable TensorSetting setting, String layer) {
        if (setting instanceof QuantizationSpec spec) {
            SpecRules.check(spec, "layer " + layer);
            return Optional.of(spec);
        }
        return Optional.empty();
    }

    /** The shape {@code [out, in]} behind a stored one. */
    private static Shape shape(Shape stored, QuantizationSpec spec) {
        long last = QuarkWeight.codesInLastExtent(spec, stored.extent(1));
        boolean transposed = QuarkWeight.isTransposed(spec);
        return transposed ? Shape.of(last, stored.extent(0)) : Shape.of(stored.extent(0), last);
    }
}
