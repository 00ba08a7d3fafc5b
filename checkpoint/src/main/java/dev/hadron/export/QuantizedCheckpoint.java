package dev.hadron.export;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.config.Config;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.export.layout.StoredConfiguration;
import dev.hadron.export.layout.StoredTensors;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A checkpoint folder whose linear layers are quantized, read back through its layout. */
public final class QuantizedCheckpoint {

    private final Checkpoint checkpoint;
    private final ExportLayout layout;
    private final Map<String, LayerFormat> layers = new LinkedHashMap<>();

    private QuantizedCheckpoint(Checkpoint checkpoint, ExportLayout layout, List<LayerFormat> layers) {
        this.checkpoint = checkpoint;
        this.layout = layout;
        layers.forEach(layer -> this.layers.put(layer.layer(), layer));
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
                        + " is quantized with quant_method \"" + method + "\", which can't be read; "
                        + Arrays.stream(ExportLayout.values())
                                .map(ExportLayout::quantMethod)
                                .collect(Collectors.joining(" and "))
                        + " can"));
        StoredConfiguration configuration = configuration(checkpoint);
        List<LayerFormat> layers = layout.layout().layers(configuration, new StoredTensors(checkpoint.tensors()));
        return new QuantizedCheckpoint(checkpoint, layout, layers);
    }

    private static StoredConfiguration configuration(Checkpoint checkpoint) {
        return new StoredConfiguration(
                checkpoint.config().path("quantization_config"), "quantization_config of " + checkpoint.folder());
    }

    /** What was asked for when the checkpoint was made, as far as it keeps that. */
    public Config config() {
        return layout.layout().config(configuration(checkpoint));
    }

    /** The layout that it is in. */
    public ExportLayout layout() {
        return layout;
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
}
