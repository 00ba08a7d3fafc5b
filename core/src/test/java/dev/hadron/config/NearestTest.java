package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "kitten, sitting, 3", "flaw, lawn, 2", "same, same, 0", "ab, ba, 2"})
    void theDistanceIsTheNumberOfEdits(String a, String b, int edits) {
        assertThat(Nearest.distance(a, b)).isEqualTo(edits);
        assertThat(Nearest.distance(b, a)).isEqualTo(edits);
    }

    @Test
    void theFirstOfTheNearestIsFound() {
        assertThat(Nearest.of("wieght", List.of("bias", "weight", "height"))).isEqualTo("weight");
        assertThat(Nearest.of("x", List.of("a", "b"))).isEqualTo("a");
    }
}
