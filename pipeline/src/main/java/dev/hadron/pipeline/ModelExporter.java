package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.ShardedSafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.config.LayerType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.ModelLayers;
import dev.hadron.plan.LayerPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a quantized model as a checkpoint folder. Tensors come in the order of the source; those of a quantized layer stand where
 * its weight stood. Everything that isn't weights or configuration is carried over unchanged.
 */
public final class ModelExporter {
    private static final String HEAD_WEIGHT = ModelLayers.HEAD + ".weight";
    private static final String TIED = "tie_word_embeddings";

    private final ExportLayout layout;
    private final long shardBytes;

    private ModelExporter(ExportLayout layout, long shardBytes) {
        this.layout = layout;
        this.shardBytes = shardBytes;
    }

    /** An exporter to this layout, into files of the size that is usual. */
    public static ModelExporter to(ExportLayout layout) {
        return to(layout, ShardedSafetensorsWriter.DEFAULT_SHARD_BYTES);
    }

    /**
     * An exporter to this layout.
     *
     * @param shardBytes how many bytes of elements a file may hold; a tensor that is larger has a file of its own
     */
    public static ModelExporter to(ExportLayout layout, long shardBytes) {
        return new ModelExporter(layout, shardBytes);
    }

    /**
     * Writes the folder. Tensors are read, quantized and written in slices, on all threads, so that memory doesn't grow with the model.
     *
     * @param folder there, and empty
     * @return checksums and sizes of what was written, for {@link Verification}
     */
    public WrittenModel write(QuantizedModel model, Path folder, Execution execution) throws IOException {
        return write(model, folder, MemoryBudget.of(execution.parallel().threads()), execution);
    }

    WrittenModel write(QuantizedModel model, Path folder, MemoryBudget budget, Execution execution) throws IOException {
        Checkpoint source = model.source();
        execution.progress().started("quantize", source.byteSize(), "bytes");
        Map<String, LayerPlan> byTensor = new HashMap<>();
        model.plan().layers().forEach(layer -> byTensor.put(layer.weightView().tensor(), layer));
        WrittenModel written;
        try (ShardedSafetensorsWriter writer = ShardedSafetensorsWriter.create(
                        folder, Map.of("format", "pt"), declarations(model, byTensor), shardBytes);
                TensorFiles files = new TensorFiles()) {
            TensorExport export =
                    new TensorExport(model, layout.layout(), new CheckedWriter(writer), files, budget, execution);
            source.tensors().forEach(tensor -> export.add(tensor, byTensor.get(tensor.name())));
            added(model).forEach(tensor -> export.add(tensor, null));
            written = export.run();
        }
        writeConfig(model, folder);
        for (Path file : source.carriedFiles()) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.resolveSibling(""));
            Files.copy(source.folder().resolve(file), target);
        }
        execution.progress().finished();
        return written;
    }

    /** Tensors that the source doesn't have. */
    private static List<TensorInfo> added(QuantizedModel model) {
        return model.changes().tensors().entrySet().stream()
                .filter(entry -> model.source().find(entry.getKey()).isEmpty())
                .map(entry -> entry.getValue().named(entry.getKey()))
                .toList();
    }

    private List<TensorDeclaration> declarations(QuantizedModel model, Map<String, LayerPlan> byTensor) {
        List<TensorDeclaration> declared = new ArrayList<>();
        for (TensorInfo tensor : model.source().tensors()) {
            LayerPlan layer = byTensor.get(tensor.name());
            if (layer == null || layer.weight().isEmpty()) {
                declared.add(new TensorDeclaration(tensor.name(), tensor.type(), tensor.shape()));
            }
            if (layer != null) {
                declared.addAll(layout.layout().declare(layer.format()));
            }
        }
        added(model)
                .forEach(tensor -> declared.add(new TensorDeclaration(tensor.name(), tensor.type(), tensor.shape())));
        return declared;
    }

    private void writeConfig(QuantizedModel model, Path folder) throws IOException {
        ObjectNode config = (ObjectNode) model.source().config().deepCopy();
        config.set(
                "quantization_config",
                layout.layout()
                        .configuration(
                                model.plan().config(),
                                model.plan().layers().stream()
                                        .map(LayerPlan::format)
                                        .toList(),
                                keptLinears(model)));
        if (added(model).stream().anyMatch(tensor -> tensor.name().equals(HEAD_WEIGHT))) {
            config.put(TIED, false);
        }
        StrictJson.write(folder.resolve("config.json"), config);
    }

    /** Consumers know of linear layers only; a tied output matrix is one, though it has no tensor. */
    private static List<String> keptLinears(QuantizedModel model) {
        List<String> tables = model.plan().model().names(LayerType.EMBEDDING);
        return model.plan().kept().keySet().stream()
                .filter(layer -> !tables.contains(layer))
                .sorted()
                .toList();
    }
}
