package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.execution.Execution;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.QuantizedTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a written folder back and holds it against what was meant: each tensor's bytes, each layer's configuration, codes and
 * scales, each file that was carried over.
 */
public final class Verification {
    private final QuantizedModel model;
    private final WrittenModel written;
    private final Path folder;

    private Verification(QuantizedModel model, WrittenModel written, Path folder) {
        this.model = model;
        this.written = written;
        this.folder = folder;
    }

    /**
     * Verifies a folder.
     *
     * @throws IOException saying what differs: the folder must not be used
     */
    public static void verify(QuantizedModel model, WrittenModel written, Path folder, Execution execution)
            throws IOException {
        new Verification(model, written, folder).verify(execution);
    }

    private void verify(Execution execution) throws IOException {
        try (Checkpoint result = Checkpoint.open(folder)) {
            execution.progress().started("verify", result.byteSize(), "bytes");
            verifyTensors(result, execution);
            verifyLayers(QuantizedCheckpoint.of(result), execution);
            verifyCarriedFiles();
            execution.progress().finished();
        }
    }

    private void verifyTensors(Checkpoint result, Execution execution) throws IOException {
        long done = 0;
        for (TensorInfo tensor : result.tensors()) {
            execution.cancellation().check();
            Long wanted = written.tensors().get(tensor.name());
            try (MappedTensor mapped = result.map(tensor.name())) {
                boolean same = wanted == null ? equalsSource(tensor, mapped) : wanted == Digest.of(mapped.tensor());
                if (!same) {
                    throw differs("the tensor " + tensor.name() + " isn't what was written");
                }
            }
            done += tensor.byteSize();
            execution.progress().advanced(done);
        }
        for (String name : written.tensors().keySet()) {
            if (result.find(name).isEmpty()) {
                throw differs("the tensor " + name + " is missing");
            }
        }
    }

    private boolean equalsSource(TensorInfo tensor, MappedTensor mapped) throws IOException {
        try (MappedTensor source = model.source().map(tensor.name())) {
            return mapped.tensor().data().mismatch(source.tensor().data()) < 0;
        }
    }

    /** The file's own configuration must lead back to the plan, and its tensors to the codes and scales. */
    private void verifyLayers(QuantizedCheckpoint result, Execution execution) throws IOException {
        Map<String, LayerFormat> wanted = new LinkedHashMap<>();
        model.plan().layers().forEach(layer -> wanted.put(layer.layer(), layer.format()));
        for (String layer : result.layers().keySet()) {
            if (!wanted.containsKey(layer)) {
                throw differs("its configuration quantizes layer " + layer + ", which the plan keeps");
            }
        }
        for (LayerPlan layer : model.plan().layers()) {
            execution.cancellation().check();
            LayerFormat found = result.layers().get(layer.layer());
            if (found == null || !layer.format().equals(found)) {
                throw differs("its configuration gives layer " + layer.layer() + " " + found + " instead of "
                        + layer.format());
            }
            if (layer.weight().isPresent()) {
                verifyWeight(result, found);
            }
            result.activations(found);
        }
    }

    private void verifyWeight(QuantizedCheckpoint result, LayerFormat format) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            QuantizedTensor weight = result.weight(format, arena);
            for (long i = 0; i < weight.scale().elements(); i++) {
                float scale = weight.scale().floatAt(i);
                if (!(scale > 0) || Float.isInfinite(scale)) {
                    throw differs("a scale of layer " + format.layer() + " is " + scale);
                }
            }
            Long wanted = written.weights().get(format.layer());
            if (wanted == null || wanted != Digest.of(weight)) {
                throw differs("the weight of layer " + format.layer() + " unpacks to other codes or scales");
            }
        }
    }

    private void verifyCarriedFiles() throws IOException {
        for (Path file : model.source().carriedFiles()) {
            if (Files.mismatch(model.source().folder().resolve(file), folder.resolve(file)) >= 0) {
                throw differs("the file " + file.getFileName() + " isn't what the model has");
            }
        }
    }

    private IOException differs(String what) {
        return new IOException("the checkpoint that was just written to " + folder
                + " doesn't read back as it was meant: " + what + "; check the disk");
    }
}
