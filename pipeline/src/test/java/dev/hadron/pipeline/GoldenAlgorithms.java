package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.dtype.StorageType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs what the reference ran for its exports after algorithms, on the same model in float32 and the same windows. */
final class GoldenAlgorithms {
    private final Path golden;
    private final Path temporary;

    GoldenAlgorithms(Path golden, Path temporary) {
        this.golden = golden;
        this.temporary = temporary;
    }

    /** The source in float32, in which the reference ran. */
    Path source() throws IOException {
        Path folder = temporary.resolve("source");
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectory(folder);
        try (Checkpoint source = Checkpoint.open(golden.resolve("source"));
                Arena arena = Arena.ofConfined()) {
            ObjectNode config = (ObjectNode) source.config().deepCopy();
            config.put("dtype", "float32");
            StrictJson.write(folder.resolve("config.json"), config);
            List<TensorDeclaration> declared = source.tensors().stream()
                    .map(tensor -> new TensorDeclaration(tensor.name(), StorageType.F32, tensor.shape()))
                    .toList();
            try (SafetensorsWriter writer =
                    SafetensorsWriter.create(folder.resolve("model.safetensors"), Map.of("format", "pt"), declared)) {
                FloatWeights weights = new FloatWeights(source);
                for (TensorInfo tensor : source.tensors()) {
                    writer.write(tensor.name(), weights.load(tensor.name(), arena));
                }
            }
        }
        return folder;
    }

    /** What we write with the configuration of one of the reference's exports. */
    Path export(String name) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name));
        try (Checkpoint source = Checkpoint.open(source());
                TensorRuntime runtime = TensorRuntime.load("cpu");
                WorkFolder work = WorkFolder.open(
                        temporary.resolve(name + ".work"), JsonNodeFactory.instance.objectNode(), false)) {
            QuantizationPlan plan = QuantizationPlan.of(config(name), ModelQuantizer.layersOf(source));
            QuantizedModel model =
                    ModelQuantizer.of(plan).optimize(source, () -> runtime, windows(), 0, work, Execution.quiet());
            WrittenModel written = ModelExporter.to(ExportLayout.QUARK).write(model, folder, Execution.quiet());
            Verification.verify(model, written, folder, Execution.quiet());
        }
        return folder;
    }

    /** The configuration of one of the reference's exports. */
    Config config(String name) throws IOException {
        try (Checkpoint reference = Checkpoint.open(golden.resolve(name))) {
            return ConfigJson.fromTree(reference.config().path("quantization_config"), name);
        }
    }

    /** The windows that the reference calibrated with. */
    List<long[]> windows() throws IOException {
        Path folder = temporary.resolve("calibration");
        if (!Files.exists(folder)) {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve("config.json"), "{}");
            Files.copy(golden.resolve("calibration.safetensors"), folder.resolve("model.safetensors"));
        }
        List<long[]> windows = new ArrayList<>();
        try (Checkpoint batches = Checkpoint.open(folder)) {
            for (int i = 0; i < batches.tensors().size(); i++) {
                try (MappedTensor batch = batches.map("batch" + i)) {
                    windows.add(batch.tensor().data().toArray(ValueLayout.JAVA_LONG_UNALIGNED));
                }
            }
        }
        return windows;
    }

    /** The mean squared distance of a checkpoint's logits for the first window from those of the source. */
    double logitsDistance(Path checkpoint, String name) throws IOException {
        float[][] logits = new float[1][];
        try (Checkpoint opened = Checkpoint.open(checkpoint);
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            ServedDecoder.of(opened, runtime)
                    .run(
                            List.of(windows().getFirst()),
                            name,
                            Execution.quiet(),
                            (window, x) -> runtime.read(x, host -> logits[0] = host.toFloats()));
        }
        return distance(logits[0], expected("source"));
    }

    /** The same for the reference's export, as Transformers ran it. */
    double referenceDistance(String name) throws IOException {
        return distance(expected(name), expected("source"));
    }

    private float[] expected(String name) throws IOException {
        Path folder = temporary.resolve("logits");
        if (!Files.exists(folder)) {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve("config.json"), "{}");
            Files.copy(golden.resolve("logits.safetensors"), folder.resolve("model.safetensors"));
        }
        try (Checkpoint logits = Checkpoint.open(folder);
                MappedTensor mapped = logits.map(name)) {
            return mapped.tensor().toFloats();
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return sum / a.length;
    }
}
