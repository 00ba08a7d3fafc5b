package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    @Test
    void theNearestComeFirst() {
        List<String> names = List.of("model.norm.weight", "model.layers.0.mlp.up_proj.weight", "lm_head.weight", "x");

        assertThat(NearestNames.of("model.layer.0.mlp.up_proj.weight", names))
                .containsExactly("model.layers.0.mlp.up_proj.weight");
        assertThat(NearestNames.of("norm.weight", names)).containsExactly("model.norm.weight", "lm_head.weight");
    }

    @Test
    void thereAreAtMostThreeAndNoneFarAway() {
        assertThat(NearestNames.of("a1", List.of("a2", "a3", "a4", "a5"))).containsExactly("a2", "a3", "a4");
        assertThat(NearestNames.of("abcdef", List.of("uvwxyz"))).isEmpty();
        assertThat(NearestNames.of("", List.of("a"))).isEmpty();
    }
}
