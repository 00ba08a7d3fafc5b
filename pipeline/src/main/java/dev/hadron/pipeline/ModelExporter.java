package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.ShardedSafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.config.LayerType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a quantized model as a checkpoint folder. Tensors come in the order of the source; those of a quantized layer stand where
 * its weight stood. Everything that isn't weights or configuration is carried over unchanged.
 */
public final class ModelExporter {
    /** Tensors are copied in pieces, so that a run can be stopped within one. */
    private static final long PIECE = 1 << 25;

    private final ExportLayout layout;

    private ModelExporter(ExportLayout layout) {
        this.layout = layout;
    }

    /** An exporter to this layout. */
    public static ModelExporter to(ExportLayout layout) {
        return new ModelExporter(layout);
    }

    /**
     * Writes the folder.
     *
     * @param folder there, and empty
     * @return checksums and sizes of what was written, for {@link Verification}
     */
    public WrittenModel write(QuantizedModel model, Path folder, Execution execution) throws IOException {
        Checkpoint source = model.source();
        WrittenModel.Builder written = new WrittenModel.Builder(layout);
        execution.progress().started("quantize", source.byteSize(), "bytes");
        Map<String, LayerPlan> byTensor = new HashMap<>();
        model.plan().layers().forEach(layer -> byTensor.put(layer.weightView().tensor(), layer));
        try (ShardedSafetensorsWriter writer = ShardedSafetensorsWriter.create(
                folder,
                Map.of("format", "pt"),
                declarations(source, byTensor),
                ShardedSafetensorsWriter.DEFAULT_SHARD_BYTES)) {
            long done = 0;
            for (TensorInfo tensor : source.tensors()) {
                execution.cancellation().check();
                LayerPlan layer = byTensor.get(tensor.name());
                if (layer == null) {
                    copy(source, tensor, writer, execution, done);
                } else {
                    writeLayer(model, layer, writer, written, execution);
                }
                done += tensor.byteSize();
                execution.progress().advanced(done);
            }
        }
        writeConfig(model, folder);
        for (Path file : source.carriedFiles()) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.resolveSibling(""));
            Files.copy(source.folder().resolve(file), target);
        }
        execution.progress().finished();
        return written.build();
    }

    private List<TensorDeclaration> declarations(Checkpoint source, Map<String, LayerPlan> byTensor) {
        List<TensorDeclaration> declared = new ArrayList<>();
        for (TensorInfo tensor : source.tensors()) {
            LayerPlan layer = byTensor.get(tensor.name());
            if (layer == null || layer.weight().isEmpty()) {
                declared.add(new TensorDeclaration(tensor.name(), tensor.type(), tensor.shape()));
            }
            if (layer != null) {
                declared.addAll(layout.layout().declare(layer.format()));
            }
        }
        return declared;
    }

    private void writeLayer(
            QuantizedModel model,
            LayerPlan layer,
            ShardedSafetensorsWriter writer,
            WrittenModel.Builder written,
            Execution execution)
            throws IOException {
        LayerFormat format = layer.format();
        Map<String, Tensor> packed = new LinkedHashMap<>();
        try (Arena arena = Arena.ofShared()) {
            if (layer.weight().isPresent()) {
                QuantizedTensor weight = model.weight(layer, arena, execution.parallel());
                Map<String, Tensor> tensors = layout.layout().packWeight(format, weight, arena);
                written.weight(layer, weight, tensors);
                packed.putAll(tensors);
            } else {
                TensorInfo kept = model.source().require(layer.weightView().tensor());
                copy(model.source(), kept, writer, execution, 0);
            }
            packed.putAll(layout.layout().packActivations(format, model.activations(layer)));
            for (Map.Entry<String, Tensor> entry : packed.entrySet()) {
                written.tensor(entry.getKey(), entry.getValue());
                writer.write(entry.getKey(), entry.getValue());
            }
        }
    }

    private static void copy(
            Checkpoint source, TensorInfo tensor, ShardedSafetensorsWriter writer, Execution execution, long done)
            throws IOException {
        try (MappedTensor mapped = source.map(tensor.name())) {
            MemorySegment data = mapped.tensor().data();
            for (long at = 0; at < data.byteSize(); at += PIECE) {
                execution.cancellation().check();
                writer.append(tensor.name(), data.asSlice(at, Math.min(PIECE, data.byteSize() - at)));
                execution.progress().advanced(done + at);
            }
        }
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
