package dev.hadron.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTypeTest {
    @ParameterizedTest
    @CsvSource({
        "0.5, 1, 0, 0",
        "-0.5, -1, -1, 0",
        "1.5, 2, 1, 2",
        "2.5, 3, 2, 2",
        "-2.5, -3, -3, -2",
        "2.49, 2, 2, 2",
        "-2.51, -3, -3, -3",
        "0.49999997, 0, 0, 0",
        "8388607.5, 8388608, 8388607, 8388608",
        "16777217, 16777216, 16777216, 16777216",
        "-3, -3, -3, -3"
    })
    void eachMethodDoesWhatItsNameSays(float value, float round, float floor, float halfEven) {
        assertThat(RoundType.ROUND.apply(value) + 0f).isEqualTo(round);
        assertThat(RoundType.FLOOR.apply(value) + 0f).isEqualTo(floor);
        assertThat(RoundType.HALF_EVEN.apply(value) + 0f).isEqualTo(halfEven);
    }
}
