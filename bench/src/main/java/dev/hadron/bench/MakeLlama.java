package dev.hadron.bench;

import dev.hadron.checkpoint.safetensors.ShardedSafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.checkpoint.text.StrictJson;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a Llama checkpoint of random weights in bfloat16: {@code MakeLlama FOLDER [name=value ...]} with any of the sizes below.
 * Equal arguments make equal files.
 */
public final class MakeLlama {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private MakeLlama() {}

    /** Sizes of a Llama, by default of one with 374 million parameters. */
    private record Sizes(
            int layers, int hidden, int intermediate, int heads, int keyValueHeads, int vocabulary, long shardBytes) {
        private static final Sizes DEFAULT =
                new Sizes(4, 2048, 8192, 32, 8, 32_000, ShardedSafetensorsWriter.DEFAULT_SHARD_BYTES);

        Sizes with(String argument) {
            String[] pair = argument.split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("\"" + argument + "\" isn't a size; write name=value");
            }
            long value = Long.parseLong(pair[1]);
            int size = (int) Math.min(value, Integer.MAX_VALUE);
            return switch (pair[0]) {
                case "layers" -> new Sizes(size, hidden, intermediate, heads, keyValueHeads, vocabulary, shardBytes);
                case "hidden" -> new Sizes(layers, size, intermediate, heads, keyValueHeads, vocabulary, shardBytes);
                case "intermediate" -> new Sizes(layers, hidden, size, heads, keyValueHeads, vocabulary, shardBytes);
                case "heads" -> new Sizes(layers, hidden, intermediate, size, keyValueHeads, vocabulary, shardBytes);
                case "kv-heads" -> new Sizes(layers, hidden, intermediate, heads, size, vocabulary, shardBytes);
                case "vocabulary" -> new Sizes(layers, hidden, intermediate, heads, keyValueHeads, size, shardBytes);
                case "shard-bytes" -> new Sizes(layers, hidden, intermediate, heads, keyValueHeads, vocabulary, value);
                default ->
                    throw new IllegalArgumentException("there is no size \"" + pair[0]
                            + "\"; known are layers, hidden, intermediate, heads, kv-heads, vocabulary, shard-bytes");
            };
        }

        List<TensorDeclaration> tensors() {
            List<TensorDeclaration> tensors = new ArrayList<>();
            int keyValues = hidden / heads * keyValueHeads;
            matrix(tensors, "model.embed_tokens", vocabulary, hidden);
            for (int layer = 0; layer < layers; layer++) {
                String prefix = "model.layers." + layer + ".";
                vector(tensors, prefix + "input_layernorm");
                matrix(tensors, prefix + "self_attn.q_proj", hidden, hidden);
                matrix(tensors, prefix + "self_attn.k_proj", keyValues, hidden);
                matrix(tensors, prefix + "self_attn.v_proj", keyValues, hidden);
                matrix(tensors, prefix + "self_attn.o_proj", hidden, hidden);
                vector(tensors, prefix + "post_attention_layernorm");
                matrix(tensors, prefix + "mlp.gate_proj", intermediate, hidden);
                matrix(tensors, prefix + "mlp.up_proj", intermediate, hidden);
                matrix(tensors, prefix + "mlp.down_proj", hidden, intermediate);
            }
            vector(tensors, "model.norm");
            matrix(tensors, "lm_head", vocabulary, hidden);
            return tensors;
        }

        private static void matrix(List<TensorDeclaration> tensors, String layer, int rows, int columns) {
            tensors.add(new TensorDeclaration(layer + ".weight", StorageType.BF16, Shape.of(rows, columns)));
        }

        private void vector(List<TensorDeclaration> tensors, String layer) {
            tensors.add(new TensorDeclaration(layer + ".weight", StorageType.BF16, Shape.of(hidden)));
        }

        ObjectNode config() {
            ObjectNode config = JsonNodeFactory.instance.objectNode();
            config.putArray("architectures").add("LlamaForCausalLM");
            config.put("model_type", "llama");
            config.put("hidden_act", "silu");
            config.put("hidden_size", hidden);
            config.put("intermediate_size", intermediate);
            config.put("num_hidden_layers", layers);
            config.put("num_attention_heads", heads);
            config.put("num_key_value_heads", keyValueHeads);
            config.put("vocab_size", vocabulary);
            config.put("max_position_embeddings", 4096);
            config.put("rms_norm_eps", 1e-5);
            config.put("rope_theta", 10_000.0);
            config.put("tie_word_embeddings", false);
            config.put("torch_dtype", "bfloat16");
            config.put("bos_token_id", 1);
            config.put("eos_token_id", 2);
            return config;
        }
    }

    /**
     * Makes the checkpoint.
     *
     * @param arguments the folder to make, then sizes
     */
    public static void main(String[] arguments) throws IOException {
        try {
            make(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("make-llama: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void make(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("name the folder to make");
        }
        Sizes sizes = Sizes.DEFAULT;
        for (int i = 1; i < arguments.length; i++) {
            sizes = sizes.with(arguments[i]);
        }
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            write(folder, sizes, Parallel.of(executor, THREADS));
        }
    }

    private static void write(Path folder, Sizes sizes, Parallel parallel) throws IOException {
        StrictJson.write(folder.resolve("config.json"), sizes.config());
        List<TensorDeclaration> tensors = sizes.tensors();
        try (ShardedSafetensorsWriter writer =
                ShardedSafetensorsWriter.create(folder, Map.of("format", "pt"), tensors, sizes.shardBytes())) {
            for (TensorDeclaration tensor : tensors) {
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment weights = Inputs.weights(
                            arena, WorkingType.BFLOAT16, tensor.shape().elements(), parallel);
                    writer.write(tensor.name(), 0, weights);
                }
            }
        }
    }
}
