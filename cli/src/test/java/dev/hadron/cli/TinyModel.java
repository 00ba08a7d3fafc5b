package dev.hadron.cli;

import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A Llama of two layers with random weights and the tokenizer of the example model. */
final class TinyModel {
    static final int LAYERS = 2;

    /** A layer whose weight is {@code [128, 64]}. */
    static final String UP = "model.layers.0.mlp.up_proj";

    private static final int HIDDEN = 64;
    private static final int INTERMEDIATE = 128;
    private static final int KEYS = 32;
    private static final int VOCABULARY = 2048;
    private static final String CONFIG = """
            {
              "model_type": "llama",
              "hidden_size": 64,
              "intermediate_size": 128,
              "num_hidden_layers": 2,
              "num_attention_heads": 4,
              "num_key_value_heads": 2,
              "max_position_embeddings": 512,
              "rms_norm_eps": 1e-06,
              "hidden_act": "silu",
              "tie_word_embeddings": false,
              "vocab_size": 2048
            }
            """;

    private TinyModel() {}

    static void write(Path folder) throws IOException {
        write(folder, CONFIG, tensors());
    }

    /** Random weights of these shapes. */
    static void write(Path folder, String config, List<TensorDeclaration> tensors) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        Files.write(
                folder.resolve("tokenizer.json"),
                Files.readAllBytes(Workspace.quill().resolve("tokenizer.json")));
        Random random = new Random(7);
        try (Arena arena = Arena.ofConfined();
                SafetensorsWriter writer = SafetensorsWriter.create(
                        folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors)) {
            for (TensorDeclaration declared : tensors) {
                writer.write(declared.name(), values(declared, random, arena));
            }
        }
    }

    private static List<TensorDeclaration> tensors() {
        List<TensorDeclaration> tensors = new ArrayList<>();
        add(tensors, "lm_head", VOCABULARY, HIDDEN);
        add(tensors, "model.embed_tokens", VOCABULARY, HIDDEN);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            add(tensors, prefix + "input_layernorm", HIDDEN);
            add(tensors, prefix + "mlp.down_proj", HIDDEN, INTERMEDIATE);
            add(tensors, prefix + "mlp.gate_proj", INTERMEDIATE, HIDDEN);
            add(tensors, prefix + "mlp.up_proj", INTERMEDIATE, HIDDEN);
            add(tensors, prefix + "post_attention_layernorm", HIDDEN);
            add(tensors, prefix + "self_attn.k_proj", KEYS, HIDDEN);
            add(tensors, prefix + "self_attn.o_proj", HIDDEN, HIDDEN);
            add(tensors, prefix + "self_attn.q_proj", HIDDEN, HIDDEN);
            add(tensors, prefix + "self_attn.v_proj", KEYS, HIDDEN);
        }
        add(tensors, "model.norm", HIDDEN);
        return tensors;
    }

    static void add(List<TensorDeclaration> tensors, String module, long... shape) {
        tensors.add(new TensorDeclaration(module + ".weight", StorageType.BF16, Shape.of(shape)));
    }

    private static Tensor values(TensorDeclaration declared, Random random, Arena arena) {
        Tensor tensor = Tensor.allocate(arena, declared.type(), declared.shape());
        boolean norm = declared.shape().rank() == 1;
        for (long i = 0; i < tensor.elements(); i++) {
            float value = norm ? 1 : (float) (random.nextGaussian() / 8);
            tensor.data().set(Tensor.SHORT, 2 * i, (short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return tensor;
    }
}
