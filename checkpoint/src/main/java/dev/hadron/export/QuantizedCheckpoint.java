package dev.hadron.export;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.packing.NibbleWords;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A checkpoint folder whose linear layers are quantized, read back through its layout. */
public final class QuantizedCheckpoint {
    private static final String WEIGHT = ".weight";

    private final Checkpoint checkpoint;
    private final ExportLayout layout;
    private final Config config;
    private final Map<String, LayerFormat> layers = new LinkedHashMap<>();

    private QuantizedCheckpoint(Checkpoint checkpoint, ExportLayout layout, Config config) {
        this.checkpoint = checkpoint;
        this.layout = layout;
        this.config = config;
    }

    /**
     * Reads how a checkpoint is quantized.
     *
     * @param checkpoint must stay open as long as the result is used
     * @throws UnsupportedQuantizationException when its {@code quant_method} isn't a layout of ours
     * @throws CheckpointFormatException when configuration and tensors don't fit
     */
    public static QuantizedCheckpoint of(Checkpoint checkpoint) {
        String method = checkpoint
                .quantMethod()
                .orElseThrow(() -> new CheckpointFormatException(
                        "config.json of " + checkpoint.folder() + " has no quantization_config with a quant_method"));
        ExportLayout layout = Arrays.stream(ExportLayout.values())
                .filter(candidate -> candidate.quantMethod().equals(method))
                .findFirst()
                .orElseThrow(() -> new UnsupportedQuantizationException("the checkpoint " + checkpoint.folder()
                        + " is quantized with quant_method \"" + method + "\", which can't be read; \"quark\" can"));
        JsonNode tree = checkpoint.config().path("quantization_config");
        Config config = ConfigJson.fromTree(tree, "quantization_config of " + checkpoint.folder());
        QuantizedCheckpoint quantized = new QuantizedCheckpoint(checkpoint, layout, config);
        quantized.resolveLayers();
        return quantized;
    }

    /** The layout that it is in. */
    public ExportLayout layout() {
        return layout;
    }

    /** Its configuration. */
    public Config config() {
        return config;
    }

    /** Its quantized layers by name, in the order of the file. */
    public Map<String, LayerFormat> layers() {
        return layers;
    }

    /**
     * A layer's weight.
     *
     * @param arena owns the result
     */
    public QuantizedTensor weight(LayerFormat format, Arena arena) throws IOException {
        return reading(tensors -> layout.layout().unpackWeight(format, tensors, arena));
    }

    /** The scales of a layer's static activations. */
    public LayerParameters activations(LayerFormat format) throws IOException {
        return reading(tensors -> layout.layout().unpackActivations(format, tensors));
    }

    private <T> T reading(Function<Function<String, Tensor>, T> reader) throws IOException {
        List<MappedTensor> mapped = new ArrayList<>();
        try {
            return reader.apply(name -> {
                try {
                    MappedTensor tensor = checkpoint.map(name);
                    mapped.add(tensor);
                    return tensor.tensor();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            mapped.forEach(MappedTensor::close);
        }
    }

    private void resolveLayers() {
        LayerResolver resolver = new LayerResolver(config);
        WorkingType workingType = workingType();
        for (TensorInfo tensor : checkpoint.tensors()) {
            if (!tensor.name().endsWith(WEIGHT) || tensor.shape().rank() != 2) {
                continue;
            }
            String layer = tensor.name().substring(0, tensor.name().length() - WEIGHT.length());
            boolean quantizedWeight = checkpoint.find(tensor.name() + "_scale").isPresent();
            Optional<QuantizationConfig> resolved =
                    resolver.resolve(layer, LayerType.LINEAR).map(LayerResolver.Resolved::config);
            if (quantizedWeight && resolved.isEmpty()) {
                throw new CheckpointFormatException(
                        "the tensor " + tensor.name()
                                + " has a scale, but quantization_config leaves its layer as it is; config.json doesn't belong to the weights");
            }
            resolved.map(found -> format(layer, tensor, found, quantizedWeight, workingType))
                    .filter(format -> format.weight().isPresent()
                            || format.input().isPresent()
                            || format.output().isPresent())
                    .ifPresent(format -> layers.put(layer, format));
        }
    }

    private LayerFormat format(
            String layer,
            TensorInfo tensor,
            QuantizationConfig resolved,
            boolean quantizedWeight,
            WorkingType workingType) {
        Optional<QuantizationSpec> weight = quantizedWeight ? spec(resolved.weight(), layer) : Optional.empty();
        if (quantizedWeight && weight.isEmpty()) {
            throw new CheckpointFormatException(
                    "the tensor " + tensor.name()
                            + " has a scale, but quantization_config doesn't quantize it; config.json doesn't belong to the weights");
        }
        boolean isLinear = quantizedWeight || hasStoredActivations(layer);
        return new LayerFormat(
                layer,
                weight.map(spec -> unpackedShape(tensor.shape(), spec)).orElse(tensor.shape()),
                workingType,
                weight,
                isLinear ? spec(resolved.inputTensors(), layer) : Optional.empty(),
                isLinear ? spec(resolved.outputTensors(), layer).filter(s -> hasOutput(layer, s)) : Optional.empty());
    }

    private boolean hasStoredActivations(String layer) {
        return checkpoint.find(layer + ".input_scale").isPresent()
                || checkpoint.find(layer + ".output_scale").isPresent();
    }

    private boolean hasOutput(String layer, QuantizationSpec spec) {
        return !LayerFormat.isStatic(spec)
                || checkpoint.find(layer + ".output_scale").isPresent();
    }

    private static Optional<QuantizationSpec> spec(@Nullable TensorSetting setting, String layer) {
        if (setting instanceof QuantizationSpec spec) {
            SpecRules.check(spec, "layer " + layer);
            return Optional.of(spec);
        }
        return Optional.empty();
    }

    /** The shape {@code [out, in]} behind a stored one. */
    private static Shape unpackedShape(Shape stored, QuantizationSpec spec) {
        long words = spec.dtype().bits() == 4 ? NibbleWords.codesPerWord() : 1;
        long last = Math.multiplyExact(stored.extent(1), words);
        boolean transposed = spec.groupSize() != null;
        return transposed ? Shape.of(last, stored.extent(0)) : Shape.of(stored.extent(0), last);
    }

    /** The type of the model's other weights, which scales were rounded to. */
    private WorkingType workingType() {
        return checkpoint.tensors().stream()
                .filter(tensor -> !tensor.name().endsWith("_scale"))
                .map(TensorInfo::type)
                .filter(StorageType::isWeightFloat)
                .findFirst()
                .map(WorkingType::of)
                .orElse(WorkingType.FLOAT32);
    }
}
