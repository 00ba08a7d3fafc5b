package dev.hadron.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.ModelConfig;
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
                .hasMessageContaining("llama, mistral, qwen2, qwen3");
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
    void whatCannotBeIsRefusedByKey() {
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
