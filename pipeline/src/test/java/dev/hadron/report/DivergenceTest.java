package dev.hadron.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DivergenceTest {
    private static final double EXACT = 1e-12;

    @Test
    void quantilesLieBetweenTheNearestValues() {
        // 200, 199, ... 1
        double[] values = IntStream.range(0, 200).mapToDouble(i -> 200 - i).toArray();

        Divergence divergence = Divergence.of(values, Optional.empty());

        assertThat(divergence.mean()).isEqualTo(100.5);
        assertThat(divergence.median()).isEqualTo(100.5);
        assertThat(divergence.percentile99()).isCloseTo(198.01, within(EXACT));
        assertThat(divergence.largest()).isEqualTo(200);
        assertThat(values[0]).as("the values stay as they were").isEqualTo(200);
    }

    @Test
    void oneValueIsAllOfThem() {
        assertThat(Divergence.of(new double[] {3}, Optional.empty()))
                .isEqualTo(new Divergence(3, 3, 3, 3, Optional.empty()));
    }
}
