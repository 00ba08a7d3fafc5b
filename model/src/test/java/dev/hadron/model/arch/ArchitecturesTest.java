package dev.hadron.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.ModelConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ArchitecturesTest {
    private static final String COMMON = "\"vocab_size\": 64, \"hidden_size\": 32, \"intermediate_size\": 48,"
            + " \"num_hidden_layers\": 3, \"num_attention_heads\": 4";

    @Test
    void anUnknownArchitectureIsRefusedByNameWithThoseThatAreKnown() {
        assertThatThrownBy(() -> spec("\"model_type\": \"gemma3\", " + COMMON))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("\"gemma3\"")
                .hasMessageContaining("llama, mistral, mixtral, qwen2, qwen3, qwen3_moe");
    }

    @Test
    void bothSpellingsOfRopeMeanTheSame() {
        Rope four = spec("\"model_type\": \"llama\", " + COMMON
                        + ", \"rope_theta\": 5000.0, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}")
                .rope();
        Rope five = spec("\"model_type\": \"llama\", " + COMMON
                        + ", \"rope_parameters\": {\"rope_type\": \"linear\", \"rope_theta\": 5000.0, \"factor\": 2.0}")
                .rope();

        assertThat(four).isEqualTo(five);
        assertThat(four.scaling()).isEqualTo(new RopeScaling.Linear(2));
    }

    @Test
    void missingKeysTakeTheFamilysDefaults() {
        assertThat(spec("\"model_type\": \"qwen3\", " + COMMON + ", \"num_key_value_heads\": 2")
                        .headWidth())
                .isEqualTo(128);
        assertThat(spec("\"model_type\": \"llama\", " + COMMON).keyValueHeads()).isEqualTo(4);
        assertThat(spec("\"model_type\": \"mistral\", " + COMMON + ", \"num_key_value_heads\": 2")
                        .slidingWindows())
                .containsOnly(OptionalInt.of(4096));
        assertThat(spec("\"model_type\": \"mistral\", " + COMMON
                                + ", \"num_key_value_heads\": 2, \"sliding_window\": null")
                        .slidingWindows())
                .containsOnly(OptionalInt.empty());
    }

    @Test
    void qwenWindowsBeginAtTheirLayer() {
        DecoderSpec spec = spec(
                "\"model_type\": \"qwen2\", " + COMMON
                        + ", \"num_key_value_heads\": 2, \"use_sliding_window\": true, \"sliding_window\": 7, \"max_window_layers\": 2");

        assertThat(spec.slidingWindows()).containsExactly(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(7));
    }

    @Test
    void bothNamesOfTheNumberOfExpertsMeanTheSame() {
        String keys = "\"model_type\": \"qwen3_moe\", \"num_experts_per_tok\": 2, " + COMMON;

        assertThat(spec(keys + ", \"num_experts\": 6").experts())
                .isEqualTo(spec(keys + ", \"num_local_experts\": 6").experts())
                .hasSize(3)
                .allSatisfy(experts -> assertThat(experts.orElseThrow().count()).isEqualTo(6));
    }

    @Test
    void missingKeysOfExpertsTakeTheFamilysDefaults() {
        Experts mixtral = spec("\"model_type\": \"mixtral\", \"num_key_value_heads\": 2, " + COMMON)
                .experts()
                .getFirst()
                .orElseThrow();
        Experts qwen = spec("\"model_type\": \"qwen3_moe\", " + COMMON)
                .experts()
                .getFirst()
                .orElseThrow();

        assertThat(List.of(mixtral.count(), mixtral.perToken(), mixtral.intermediate()))
                .containsExactly(8, 2, 48);
        assertThat(mixtral.normalized()).isTrue();
        assertThat(List.of(qwen.count(), qwen.perToken(), qwen.intermediate())).containsExactly(128, 8, 768);
        assertThat(qwen.normalized()).isFalse();
    }

    @Test
    void denseLayersAreThoseThatAreNamedAndThoseBetweenSteps() {
        String keys = "\"model_type\": \"qwen3_moe\", " + COMMON;

        assertThat(sparse(keys + ", \"mlp_only_layers\": [1]")).containsExactly(true, false, true);
        assertThat(sparse(keys + ", \"decoder_sparse_step\": 2")).containsExactly(false, true, false);
    }

    @Test
    void whatCannotBeIsRefusedByKey() {
        assertRefused(
                "\"model_type\": \"mixtral\", \"num_key_value_heads\": 2, " + COMMON + ", \"num_experts_per_tok\": 9",
                "num_local_experts");
        assertRefused(
                "\"model_type\": \"mixtral\", \"num_key_value_heads\": 2, " + COMMON
                        + ", \"num_local_experts\": 2147483647",
                "10000");
        assertRefused("\"model_type\": \"qwen3_moe\", " + COMMON + ", \"mlp_only_layers\": 1", "mlp_only_layers");
        assertRefused("\"model_type\": \"qwen3_moe\", " + COMMON + ", \"mlp_only_layers\": [null]", "numbers of");
        assertRefused("\"model_type\": \"llama\", \"vocab_size\": 64", "num_attention_heads");
        assertRefused("\"model_type\": \"llama\", " + COMMON + ", \"num_key_value_heads\": 3", "num_key_value_heads");
        assertRefused("\"model_type\": \"llama\", " + COMMON + ", \"rms_norm_eps\": \"x\"", "rms_norm_eps");
        assertRefused("\"model_type\": \"llama\", " + COMMON + ", \"rope_scaling\": {\"type\": \"yarn\"}", "factor");
        assertThatThrownBy(
                        () -> spec("\"model_type\": \"llama\", " + COMMON + ", \"rope_scaling\": {\"type\": \"su\"}"))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("\"su\"");
        assertThatThrownBy(() -> spec("\"model_type\": \"llama\", " + COMMON + ", \"hidden_act\": \"cubic\""))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("cubic");
    }

    private static List<Boolean> sparse(String keys) {
        return spec(keys).experts().stream().map(Optional::isPresent).toList();
    }

    private static void assertRefused(String keys, String key) {
        assertThatThrownBy(() -> spec(keys))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageContaining(key);
    }

    private static DecoderSpec spec(String keys) {
        ModelConfig config = new ModelConfig(new JsonMapper().readTree("{" + keys + "}"));
        return Architectures.of(config).spec(config);
    }
}
