package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.execution.Execution;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.plan.LayerPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a written folder back and holds it against what was meant: each tensor's bytes, each layer's configuration, each file that was
 * carried over. That the bytes unpack to the codes and scales that were found is checked before they are written, see {@link
 * ModelExporter}.
 */
public final class Verification {
    /** Fits a core's cache, to be summed up from there. */
    private static final long CHUNK = 1L << 18;

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
        for (String name : written.tensors().keySet()) {
            if (result.find(name).isEmpty()) {
                throw differs("the tensor " + name + " is missing");
            }
        }
        List<TensorInfo> tensors = result.tensors();
        ProgressCount progress = new ProgressCount(execution);
        try (TensorFiles files = new TensorFiles()) {
            execution.parallel().forEach(tensors.size(), item -> {
                try {
                    verifyTensor(tensors.get(item), files);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.add(tensors.get(item).byteSize());
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void verifyTensor(TensorInfo tensor, TensorFiles files) throws IOException {
        long covered = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.min(CHUNK, tensor.byteSize()), 64);
            for (WrittenModel.Piece piece : written.tensors().getOrDefault(tensor.name(), List.of())) {
                if (checksum(tensor, piece, files, memory) != piece.checksum()) {
                    throw differs("the tensor " + tensor.name() + " isn't what was written");
                }
                covered += piece.bytes();
            }
        }
        // No two pieces overlap, since the writer takes no byte twice.
        if (covered != tensor.byteSize()) {
            throw differs("of the tensor " + tensor.name() + " " + covered + " bytes were written, but it has "
                    + tensor.byteSize());
        }
    }

    private static long checksum(TensorInfo tensor, WrittenModel.Piece piece, TensorFiles files, MemorySegment memory)
            throws IOException {
        Digest digest = new Digest();
        for (long done = 0; done < piece.bytes(); done += memory.byteSize()) {
            MemorySegment part = memory.asSlice(0, Math.min(memory.byteSize(), piece.bytes() - done));
            files.read(tensor, piece.at() + done, part);
            digest.add(part);
        }
        return digest.value();
    }

    /** The file's own configuration must lead back to the plan. */
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
            result.activations(found);
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
