package dev.hadron.cli;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mixtures of experts with random weights and the tokenizer of the example model: a dense layer, and one of 16 experts. */
enum TinyMixture {
    /** All layers of this family have experts. */
    MIXTRAL("mixtral", "block_sparse_moe", List.of("w1", "w3", "w2"), List.of()),
    /** Its first layer is dense. */
    QWEN3_MOE("qwen3_moe", "mlp", List.of("gate_proj", "up_proj", "down_proj"), List.of(0));

    static final int EXPERTS = 16;

    private static final int LAYERS = 2;
    private static final int WIDTH = 128;
    private static final int KEYS = 64;
    private static final int VOCABULARY = 2048;

    private final String modelType;
    private final String block;
    /** Gate, up, down. */
    private final List<String> matrices;

    private final List<Integer> denseLayers;

    TinyMixture(String modelType, String block, List<String> matrices, List<Integer> denseLayers) {
        this.modelType = modelType;
        this.block = block;
        this.matrices = matrices;
        this.denseLayers = denseLayers;
    }

    void write(Path folder) throws IOException {
        String config = """
                {
                  "model_type": "%s",
                  "hidden_size": 128,
                  "intermediate_size": 128,
                  "moe_intermediate_size": 128,
                  "mlp_only_layers": %s,
                  "num_local_experts": 16,
                  "num_experts_per_tok": 2,
                  "num_hidden_layers": 2,
                  "num_attention_heads": 4,
                  "num_key_value_heads": 2,
                  "max_position_embeddings": 512,
                  "tie_word_embeddings": false,
                  "vocab_size": 2048
                }
                """.formatted(modelType, denseLayers);
        TinyModel.write(folder, config, tensors());
    }

    /** The modules of the experts' matrices in the last layer. */
    List<String> expertLinears() {
        List<String> names = new ArrayList<>();
        for (int expert = 0; expert < EXPERTS; expert++) {
            for (String matrix : matrices) {
                names.add(blockOf(1) + ".experts." + expert + "." + matrix);
            }
        }
        return names;
    }

    /** The module that chooses among the experts of the last layer. */
    String router() {
        return blockOf(1) + ".gate";
    }

    private String blockOf(int layer) {
        return "model.layers." + layer + "." + block;
    }

    private List<TensorDeclaration> tensors() {
        List<TensorDeclaration> tensors = new ArrayList<>();
        TinyModel.add(tensors, "lm_head", VOCABULARY, WIDTH);
        TinyModel.add(tensors, "model.embed_tokens", VOCABULARY, WIDTH);
        TinyModel.add(tensors, "model.norm", WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            TinyModel.add(tensors, prefix + "input_layernorm", WIDTH);
            TinyModel.add(tensors, prefix + "post_attention_layernorm", WIDTH);
            TinyModel.add(tensors, prefix + "self_attn.q_proj", WIDTH, WIDTH);
            TinyModel.add(tensors, prefix + "self_attn.k_proj", KEYS, WIDTH);
            TinyModel.add(tensors, prefix + "self_attn.v_proj", KEYS, WIDTH);
            TinyModel.add(tensors, prefix + "self_attn.o_proj", WIDTH, WIDTH);
            if (this == QWEN3_MOE) {
                TinyModel.add(tensors, prefix + "self_attn.q_norm", WIDTH / 4);
                TinyModel.add(tensors, prefix + "self_attn.k_norm", WIDTH / 4);
            }
            if (denseLayers.contains(layer)) {
                matrices.forEach(matrix -> TinyModel.add(tensors, prefix + block + "." + matrix, WIDTH, WIDTH));
            } else {
                TinyModel.add(tensors, blockOf(layer) + ".gate", EXPERTS, WIDTH);
                for (int expert = 0; expert < EXPERTS; expert++) {
                    for (String matrix : matrices) {
                        TinyModel.add(tensors, blockOf(layer) + ".experts." + expert + "." + matrix, WIDTH, WIDTH);
                    }
                }
            }
        }
        return tensors;
    }
}
