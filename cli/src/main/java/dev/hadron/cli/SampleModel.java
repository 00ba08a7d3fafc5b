package dev.hadron.cli;

import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A decoder layer of random weights in bfloat16, some megabytes of them. */
final class SampleModel {
    private static final int HIDDEN = 256;
    private static final int INTERMEDIATE = 1024;
    private static final String CONFIG = "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\"}\n";

    private SampleModel() {}

    /** Makes the folder, and returns it. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), CONFIG);
        List<TensorDeclaration> tensors = Stream.of(
                        matrix("model.embed_tokens", INTERMEDIATE, HIDDEN),
                        matrix("model.layers.0.self_attn.q_proj", HIDDEN, HIDDEN),
                        matrix("model.layers.0.mlp.up_proj", INTERMEDIATE, HIDDEN),
                        matrix("model.layers.0.mlp.down_proj", HIDDEN, INTERMEDIATE),
                        matrix("lm_head", INTERMEDIATE, HIDDEN))
                .toList();
        SplittableRandom random = new SplittableRandom(1);
        try (SafetensorsWriter writer =
                SafetensorsWriter.create(folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors)) {
            for (TensorDeclaration tensor : tensors) {
                short[] weights = new short[Math.toIntExact(tensor.shape().elements())];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = Bfloat16.ofFloat((float) random.nextGaussian(0, 0.02));
                }
                MemorySegment bytes = MemorySegment.ofArray(new byte[weights.length * Short.BYTES]);
                MemorySegment.copy(weights, 0, bytes, Tensor.SHORT, 0, weights.length);
                writer.write(tensor.name(), 0, bytes);
            }
        }
        return folder;
    }

    private static TensorDeclaration matrix(String layer, int rows, int columns) {
        return new TensorDeclaration(layer + ".weight", StorageType.BF16, Shape.of(rows, columns));
    }
}
