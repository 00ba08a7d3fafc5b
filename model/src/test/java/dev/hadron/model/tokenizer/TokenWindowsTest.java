package dev.hadron.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.InvalidInputException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenWindowsTest {
    private static final long[] TOKENS = LongStream.range(0, 103).toArray();

    @Test
    void windowsFollowEachOtherAndAShorterRestIsDropped() {
        List<long[]> windows = TokenWindows.consecutive(TOKENS, 10, 99, "text");

        assertThat(windows).hasSize(10);
        assertThat(windows.getFirst()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(windows.getLast()).startsWith(90).endsWith(99);
    }

    @Test
    void atMostSoManyAreTaken() {
        assertThat(TokenWindows.consecutive(TOKENS, 10, 3, "text")).hasSize(3);
    }

    @Test
    void aTextShorterThanAWindowIsRefusedWithBothNumbers() {
        assertThatThrownBy(() -> TokenWindows.consecutive(TOKENS, 104, 1, "the text a.txt"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the text a.txt has 103 tokens")
                .hasMessageContaining("104");
    }
}
