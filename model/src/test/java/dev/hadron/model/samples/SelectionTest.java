package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void withoutASeedTheFirstAreTaken() {
        Selection<Integer> selection = new Selection<>(3, OptionalLong.empty());
        IntStream.range(0, 3).forEach(selection::offer);

        assertThat(selection.isComplete()).isTrue();
        assertThat(selection.items()).containsExactly(0, 1, 2);
        assertThat(drawn(9, 5, 1)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aDrawIsWithoutRepetitionInOrderAndRepeatedByItsSeed() {
        List<Integer> drawn = drawn(10, 1000, 5);

        assertThat(drawn).hasSize(10).doesNotHaveDuplicates().isSorted();
        assertThat(drawn(10, 1000, 5)).isEqualTo(drawn);
        assertThat(drawn(10, 1000, 6)).isNotEqualTo(drawn);
    }

    @Test
    void eachHasTheSameChance() {
        int[] counts = new int[20];
        for (int seed = 0; seed < 4000; seed++) {
            drawn(5, counts.length, seed).forEach(i -> counts[i]++);
        }

        // 1000 each on average, with a standard deviation of 27.
        for (int count : counts) {
            assertThat(count).isCloseTo(1000, Offset.offset(140));
        }
    }

    private static List<Integer> drawn(int most, int of, long seed) {
        Selection<Integer> selection = new Selection<>(most, OptionalLong.of(seed));
        IntStream.range(0, of).forEach(selection::offer);
        return selection.items();
    }
}
