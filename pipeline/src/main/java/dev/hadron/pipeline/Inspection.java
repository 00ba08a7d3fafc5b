package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.dtype.StorageType;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.Architectures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a checkpoint folder holds, found without reading its weights.
 *
 * @param modelType the family in {@code config.json}
 * @param canRun whether the family is one that can be run
 * @param parameters elements of all tensors that aren't scales or zero points; packed ones count as the weights they stand for
 * @param bytes of all tensors
 * @param files how many files the tensors are in
 * @param tensors in the order of the files
 * @param byType bytes by element type
 * @param quantMethod what {@code config.json} says of quantization
 * @param schemes how many layers are quantized in which way, where the layout is ours
 * @param memory estimates
 */
public record Inspection(
        Optional<String> modelType,
        boolean canRun,
        long parameters,
        long bytes,
        int files,
        List<TensorInfo> tensors,
        Map<StorageType, Long> byType,
        Optional<String> quantMethod,
        Map<String, Long> schemes,
        Memory memory) {
    /**
     * How much memory it takes to work with the checkpoint, besides the JVM.
     *
     * @param toQuantize the largest tensor, mapped, with its codes
     * @param toRun the largest layer, or the embedding table, in float32
     */
    public record Memory(long toQuantize, long toRun) {}

    /**
     * Opens a checkpoint and looks.
     *
     * @throws dev.hadron.error.CheckpointFormatException when it isn't one
     */
    public static Inspection of(Path folder) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ModelConfig config = new ModelConfig(checkpoint.config());
            Map<String, LayerFormat> layers = layers(checkpoint);
            Map<StorageType, Long> byType = new TreeMap<>();
            checkpoint.tensors().forEach(tensor -> byType.merge(tensor.type(), tensor.byteSize(), Long::sum));
            return new Inspection(
                    config.modelType(),
                    Architectures.find(config).isPresent(),
                    checkpoint.tensors().stream()
                            .mapToLong(tensor -> parameters(tensor, layers))
                            .sum(),
                    checkpoint.byteSize(),
                    (int) checkpoint.tensors().stream()
                            .map(TensorInfo::file)
                            .distinct()
                            .count(),
                    checkpoint.tensors(),
                    byType,
                    checkpoint.quantMethod(),
                    schemes(layers),
                    memory(checkpoint, layers));
        }
    }

    private static Map<String, LayerFormat> layers(Checkpoint checkpoint) {
        boolean ours = checkpoint
                .quantMethod()
                .filter(method -> Arrays.stream(ExportLayout.values())
                        .anyMatch(layout -> layout.quantMethod().equals(method)))
                .isPresent();
        return ours ? QuantizedCheckpoint.of(checkpoint).layers() : Map.of();
    }

    private static Map<String, Long> schemes(Map<String, LayerFormat> layers) {
        return layers.values().stream()
                .collect(Collectors.groupingBy(SchemeText::of, TreeMap::new, Collectors.counting()));
    }

    private static long parameters(TensorInfo tensor, Map<String, LayerFormat> layers) {
        if (tensor.name().endsWith("_scale") || tensor.name().endsWith("_zero_point")) {
            return 0;
        }
        LayerFormat layer = layers.get(tensor.name().replaceFirst("\\.weight$", ""));
        return layer == null ? tensor.shape().elements() : layer.shape().elements();
    }

    static Memory memory(Checkpoint checkpoint, Map<String, LayerFormat> layers) {
        long largest = 0;
        Map<String, Long> blocks = new HashMap<>();
        for (TensorInfo tensor : checkpoint.tensors()) {
            largest = Math.max(largest, 2 * tensor.byteSize());
            blocks.merge(block(tensor.name()), parameters(tensor, layers) * Float.BYTES, Long::sum);
        }
        return new Memory(
                largest,
                blocks.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** Tensors of one decoder layer are in memory together, all others alone. */
    private static String block(String tensor) {
        return tensor.replaceFirst("^(.*?\\.layers\\.\\d+)\\..*$", "$1");
    }
}
