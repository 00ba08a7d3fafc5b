package dev.hadron.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FoldedNameTest {
    @Test
    void namesThatDifferInAnIndexAreOne() {
        assertThat(FoldedName.of(List.of("m.0.q", "m.1.q", "m.2.q", "m.0.k", "head")))
                .containsExactly(
                        new FoldedName("m.{0..2}.q", 3), new FoldedName("m.0.k", 1), new FoldedName("head", 1));
    }

    @Test
    void gapsAreShown() {
        assertThat(FoldedName.of(List.of("m.10.q", "m.0.q", "m.2.q", "m.3.q", "m.4.q")))
                .containsExactly(new FoldedName("m.{0,2..4,10}.q", 5));
    }

    @Test
    void severalIndicesAreJoinedOnlyWhereEveryCombinationIsThere() {
        assertThat(FoldedName.of(List.of("m.0.e.0.w", "m.0.e.1.w", "m.1.e.0.w", "m.1.e.1.w", "m.2.e.1.w")))
                .containsExactly(new FoldedName("m.{0,1}.e.{0,1}.w", 4), new FoldedName("m.2.e.1.w", 1));
    }

    @Test
    void whatIsNoWholeNumberBetweenDotsIsNoIndex() {
        assertThat(FoldedName.of(List.of("w1.x", "w2.x", "m.01.x", "m..x")))
                .containsExactly(
                        new FoldedName("w1.x", 1),
                        new FoldedName("w2.x", 1),
                        new FoldedName("m.01.x", 1),
                        new FoldedName("m..x", 1));
    }
}
