package dev.hadron.pipeline;

import dev.hadron.algorithm.awq.Awq;
import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerRun;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.config.AWQConfig;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.GPTQConfig;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.pipeline.work.Changes;
import dev.hadron.pipeline.work.WorkFolder;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.quantizer.Dequantizer;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs what the reference ran for its exports after algorithms, on the same model in float32 and the same windows. */
final class GoldenAlgorithms {
    private static final int FRESH_WINDOWS = 56;
    private static final int WINDOW = 64;
    private static final int VOCABULARY = 320;

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

    /**
     * The same with AWQ's attention entry searched as the reference does it: on the norm of what leaves the layer, in place of what enters
     * the attention.
     */
    Path exportAsTheReferenceSearches(String name) throws IOException {
        AWQConfig config = (AWQConfig) Objects.requireNonNull(config(name).algoConfig());
        return export(
                name, spec -> new Awq(config, AttentionHeads.of(spec, -1, -1, "awq"), GoldenAlgorithms::normedOutputs));
    }

    /** The same with GPTQ on each linear layer while those before it have the reference's weights. */
    Path exportByModule(String name) throws IOException {
        GPTQConfig config = (GPTQConfig) Objects.requireNonNull(config(name).algoConfig());
        try (Checkpoint reference = Checkpoint.open(golden.resolve(name))) {
            QuantizedCheckpoint quantized = QuantizedCheckpoint.of(reference);
            return export(name, unused -> new GptqByModule(config, linear -> decoded(quantized, linear)));
        }
    }

    /** What AWQ's search sees of each entry of the same model and windows. */
    Map<String, AwqGrid.Searched> grid(String name) throws IOException {
        try (Checkpoint source = Checkpoint.open(source())) {
            AwqGrid grid = new AwqGrid(AttentionHeads.of(ServedDecoder.specOf(source), -1, -1, "awq"));
            export(name, unused -> grid);
            return grid.searched();
        }
    }

    private static Tensor decoded(QuantizedCheckpoint quantized, String linear) {
        try {
            LayerFormat format = Objects.requireNonNull(quantized.layers().get(linear));
            return Dequantizer.dequantize(quantized.weight(format, Arena.ofAuto()), Arena.ofAuto());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path export(String name, Function<DecoderSpec, LayerAlgorithm> algorithm) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name + "-as-asked"));
        try (Checkpoint source = Checkpoint.open(source());
                TensorRuntime runtime = TensorRuntime.load("cpu");
                WorkFolder work = WorkFolder.open(
                        temporary.resolve(name + ".work2"), JsonNodeFactory.instance.objectNode(), false)) {
            QuantizationPlan plan = QuantizationPlan.of(config(name), ModelQuantizer.layersOf(source));
            DecoderSpec spec = ServedDecoder.specOf(source);
            new LayerRun(
                            new DecoderModel(spec, new FloatWeights(source), runtime),
                            plan,
                            List.of(algorithm.apply(spec)),
                            runtime,
                            UnaryOperator.identity(),
                            false,
                            tensor -> WorkingType.FLOAT32,
                            work,
                            Execution.quiet())
                    .run(windows(), 0, result -> work.store(result, () -> runtime, tensor -> WorkingType.FLOAT32));
            Changes changes = work.changes(plan);
            QuantizedModel model = new QuantizedModel(source, plan, changes.activations(), changes);
            ModelExporter.to(ExportLayout.QUARK).write(model, folder, Execution.quiet());
        }
        return folder;
    }

    private static List<Tensor> normedOutputs(LayerWork work, ScalingEntry entry, List<Tensor> kept) {
        if (!entry.inspected().mixesTokens()) {
            return kept;
        }
        List<Tensor> outputs = new ArrayList<>();
        for (int window = 0; window < work.inputs().windows(); window++) {
            try (TensorRuntime.Scope unused = work.runtime().scope()) {
                DeviceTensor x = StreamWindows.load(work.runtime(), work.inputs(), window);
                LayerPass pass = work.pass(x.shape()[0]);
                DeviceTensor normed = work.layer()
                        .start(pass, work.layer().apply(pass, x))
                        .tensors()
                        .get(1);
                Tensor copy = Tensor.allocate(work.arena(), StorageType.F32, Shape.of(normed.shape()));
                work.runtime().download(normed, copy);
                outputs.add(copy);
            }
        }
        return outputs;
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

    /**
     * The mean squared distance of a checkpoint's logits from those of the source, over windows that nothing was calibrated with: over a few
     * that were, it is chance who is nearer.
     */
    double logitsDistance(Path checkpoint) throws IOException {
        List<float[]> wanted = logits(golden.resolve("source"));
        List<float[]> found = logits(checkpoint);
        double sum = 0;
        long count = 0;
        for (int window = 0; window < wanted.size(); window++) {
            for (int i = 0; i < wanted.get(window).length; i++) {
                double difference = wanted.get(window)[i] - found.get(window)[i];
                sum += difference * difference;
                count++;
            }
        }
        return sum / count;
    }

    private static List<float[]> logits(Path checkpoint) throws IOException {
        Random random = new Random(5);
        List<long[]> windows = new ArrayList<>();
        for (int i = 0; i < FRESH_WINDOWS; i++) {
            windows.add(random.longs(WINDOW, 0, VOCABULARY).toArray());
        }
        float[][] logits = new float[windows.size()][];
        try (Checkpoint opened = Checkpoint.open(checkpoint);
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            ServedDecoder.of(opened, runtime)
                    .run(
                            windows,
                            "run",
                            Execution.quiet(),
                            (window, x) -> runtime.read(x, host -> logits[window] = host.toFloats()));
        }
        return List.of(logits);
    }
}
