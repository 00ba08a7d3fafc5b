package dev.hadron.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.LayerType;
import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names that real families give their tensors, and what is made of them. */
class ModelLayersTest {
    @TempDir
    private Path folder;

    @Test
    void gpt2KeepsItsTransposedMatricesWithTheReason() throws IOException {
        ModelLayers model = layers("gpt2", gpt2());

        assertThat(model.names(LayerType.LINEAR)).isEmpty();
        assertThat(model.names(LayerType.EMBEDDING)).containsExactly("wte", "wpe");
        assertThat(model.tensors(NotALayer.TRANSPOSED))
                .containsExactly(
                        "h.0.attn.c_attn.weight",
                        "h.0.attn.c_proj.weight",
                        "h.0.mlp.c_fc.weight",
                        "h.0.mlp.c_proj.weight");
        assertThat(model.others())
                .containsEntry("h.0.attn.c_attn.bias", NotALayer.BIAS)
                .containsEntry("h.0.attn.bias", NotALayer.OTHER_RANK)
                .containsEntry("h.0.ln_1.weight", NotALayer.VECTOR);
    }

    @Test
    void theSameNamesInAFamilyThatTransposesNothingAreLinear() throws IOException {
        assertThat(layers("gpt_bigcode", gpt2()).names(LayerType.LINEAR))
                .containsExactly("h.0.attn.c_attn", "h.0.attn.c_proj", "h.0.mlp.c_fc", "h.0.mlp.c_proj");
    }

    @Test
    void gptNeoXHasATableAndAnOutputMatrixThatIsCalledOne() throws IOException {
        ModelLayers model = layers(
                "gpt_neox",
                new HeadersOnly()
                        .tensor("gpt_neox.embed_in.weight", 64, 16)
                        .tensor("gpt_neox.layers.0.attention.query_key_value.weight", 48, 16)
                        .tensor("gpt_neox.layers.0.attention.query_key_value.bias", 48)
                        .tensor("gpt_neox.layers.0.attention.dense.weight", 16, 16)
                        .tensor("gpt_neox.layers.0.mlp.dense_h_to_4h.weight", 64, 16)
                        .tensor("gpt_neox.layers.0.mlp.dense_4h_to_h.weight", 16, 64)
                        .tensor("gpt_neox.layers.0.input_layernorm.weight", 16)
                        .tensor("embed_out.weight", 64, 16));

        assertThat(model.names(LayerType.EMBEDDING)).containsExactly("gpt_neox.embed_in");
        assertThat(model.names(LayerType.LINEAR)).hasSize(5).contains("embed_out");
        assertThat(model.tiedHead()).isFalse();
    }

    @Test
    void falconAndPhi3AreLinearThoughTheirMatricesAreJoined() throws IOException {
        ModelLayers model = layers(
                "falcon",
                new HeadersOnly()
                        .tensor("transformer.word_embeddings.weight", 64, 16)
                        .tensor("transformer.h.0.self_attention.query_key_value.weight", 48, 16)
                        .tensor("transformer.h.0.mlp.dense_h_to_4h.weight", 64, 16)
                        .tensor("model.layers.0.self_attn.qkv_proj.weight", 48, 16)
                        .tensor("model.layers.0.mlp.gate_up_proj.weight", 64, 16));

        assertThat(model.names(LayerType.EMBEDDING)).containsExactly("transformer.word_embeddings");
        assertThat(model.names(LayerType.LINEAR))
                .containsExactly(
                        "transformer.h.0.self_attention.query_key_value",
                        "transformer.h.0.mlp.dense_h_to_4h",
                        "model.layers.0.self_attn.qkv_proj",
                        "model.layers.0.mlp.gate_up_proj");
    }

    @Test
    void gemmaIsTiedThoughItDoesntSaySo() throws IOException {
        assertThat(layers(
                                "gemma",
                                new HeadersOnly()
                                        .tensor("model.embed_tokens.weight", 64, 16)
                                        .tensor("model.layers.0.mlp.up_proj.weight", 16, 16))
                        .tiedHead())
                .isTrue();
    }

    @Test
    void mixturesHaveALinearLayerForEachExpertAndARouter() throws IOException {
        ModelLayers model = layers(
                "mixtral",
                new HeadersOnly()
                        .tensor("model.layers.0.block_sparse_moe.gate.weight", 8, 16)
                        .tensor("model.layers.0.block_sparse_moe.experts.0.w1.weight", 32, 16)
                        .tensor("model.layers.0.block_sparse_moe.experts.0.w2.weight", 16, 32)
                        .tensor("model.layers.0.mlp.experts.7.gate_proj.weight", 32, 16)
                        .tensor("model.layers.0.mlp.shared_expert_gate.weight", 1, 16)
                        .tensor("model.layers.0.mlp.experts.gate_up_proj", 8, 32, 16)
                        .tensor("model.layers.0.mlp.experts.down_proj.weight", 8, 32, 16));

        assertThat(model.names(LayerType.LINEAR)).hasSize(5);
        assertThat(model.tensors(NotALayer.SEVERAL_EXPERTS))
                .containsExactly(
                        "model.layers.0.mlp.experts.gate_up_proj", "model.layers.0.mlp.experts.down_proj.weight");
    }

    @Test
    void mambaKeepsItsConvolutionAndItsMatrixWithoutALayer() throws IOException {
        ModelLayers model = layers(
                "mamba",
                new HeadersOnly()
                        .tensor("backbone.embeddings.weight", 64, 16)
                        .tensor("backbone.layers.0.mixer.A_log", 32, 16)
                        .tensor("backbone.layers.0.mixer.D", 32)
                        .tensor("backbone.layers.0.mixer.conv1d.weight", 32, 1, 4)
                        .tensor("backbone.layers.0.mixer.in_proj.weight", 64, 16)
                        .tensor("backbone.layers.0.mixer.x_proj.weight", 33, 32));

        assertThat(model.names(LayerType.EMBEDDING)).containsExactly("backbone.embeddings");
        assertThat(model.names(LayerType.LINEAR))
                .containsExactly("backbone.layers.0.mixer.in_proj", "backbone.layers.0.mixer.x_proj");
        assertThat(model.others())
                .containsEntry("backbone.layers.0.mixer.A_log", NotALayer.OTHER_NAME)
                .containsEntry("backbone.layers.0.mixer.conv1d.weight", NotALayer.OTHER_RANK);
    }

    @Test
    void bertHasThreeTablesAndT5OneThatOnlyItsRowsGiveAway() throws IOException {
        ModelLayers model = layers(
                "bert",
                new HeadersOnly()
                        .tensor("embeddings.word_embeddings.weight", 64, 16)
                        .tensor("embeddings.position_embeddings.weight", 32, 16)
                        .tensor("embeddings.token_type_embeddings.weight", 2, 16)
                        .tensor("embeddings.LayerNorm.weight", 16)
                        .tensor("encoder.layer.0.attention.self.query.weight", 16, 16)
                        .tensor("encoder.layer.0.output.dense.weight", 16, 64)
                        .tensor("pooler.dense.weight", 16, 16)
                        .tensor("shared.weight", 64, 16)
                        .tensor("other.shared.weight", 32, 16));

        assertThat(model.names(LayerType.EMBEDDING)).hasSize(4).contains("shared");
        assertThat(model.names(LayerType.LINEAR))
                .containsExactly(
                        "encoder.layer.0.attention.self.query",
                        "encoder.layer.0.output.dense",
                        "pooler.dense",
                        "other.shared");
    }

    @Test
    void whatTheUserCallsLinearIsAndItsBiasIsPassedOver() throws IOException {
        HeadersOnly tensors = new HeadersOnly()
                .tensor("m.time_embedding.weight", 64, 16)
                .tensor("m.time_embedding.bias", 64)
                .tensor("m.word_embedding.weight", 64, 16);

        ModelLayers model = layers("new", tensors, "*time_embedding*");

        assertThat(model.names(LayerType.LINEAR)).containsExactly("m.time_embedding");
        assertThat(model.names(LayerType.EMBEDDING)).containsExactly("m.word_embedding");
    }

    @Test
    void whatCantBeLinearIsRefusedWithTheReason() {
        assertThatThrownBy(() -> layers("gpt2", gpt2(), "*.c_attn"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("h.0.attn.c_attn.weight")
                .hasMessageContaining("[in, out]");
        assertThatThrownBy(() -> layers("gpt2", gpt2(), "*.ln_1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a vector");
        assertThatThrownBy(() -> layers("gpt2", gpt2(), "h.0.atn.c_proj"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("matches no tensor; the nearest name is h.0.attn.c_proj");
    }

    private static HeadersOnly gpt2() {
        return new HeadersOnly()
                .tensor("wte.weight", 64, 16)
                .tensor("wpe.weight", 32, 16)
                .tensor("h.0.attn.bias", 1, 1, 32, 32)
                .tensor("h.0.attn.c_attn.weight", 16, 48)
                .tensor("h.0.attn.c_attn.bias", 48)
                .tensor("h.0.attn.c_proj.weight", 16, 16)
                .tensor("h.0.ln_1.weight", 16)
                .tensor("h.0.mlp.c_fc.weight", 16, 64)
                .tensor("h.0.mlp.c_proj.weight", 64, 16);
    }

    private ModelLayers layers(String family, HeadersOnly tensors, String... linear) throws IOException {
        String config =
                "{\"model_type\": \"" + family + "\", \"vocab_size\": 64, \"architectures\": [\"XForCausalLM\"]}";
        try (var checkpoint = tensors.open(folder, config)) {
            return ModelLayers.of(checkpoint, List.of(linear));
        }
    }
}
