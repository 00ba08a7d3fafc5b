package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private static final String CLEAR_LINE = "\r\033[K";

    private final StringWriter err = new StringWriter();

    @AfterEach
    void forgetTerminal() {
        System.clearProperty("hadron.terminal");
        System.clearProperty("hadron.columns");
    }

    @Test
    void aLogGetsALineForAStageAndNoControlCharacters() {
        Progress progress = new Progress(new PrintWriter(err));

        work(progress);

        assertThat(err.toString()).matches("quantize: done in \\d+\\.\\d s\\R");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 30, 50, 80, 200})
    void aBarNeverFillsTheTerminal(int columns) {
        System.setProperty("hadron.terminal", "true");
        System.setProperty("hadron.columns", String.valueOf(columns));
        Progress progress = new Progress(new PrintWriter(err));

        progress.started("evaluate before", 1_000_000_000_000L, "passes");
        progress.advanced(999_999_999_999L);
        progress.close();

        String shown = err.toString();
        assertThat(shown).startsWith(CLEAR_LINE).endsWith(CLEAR_LINE);
        assertThat(Arrays.stream(shown.split("\r\033\\[K"))).allMatch(line -> line.length() < columns);
    }

    @Test
    void aWideTerminalShowsABarWithRateAndTimeLeft() {
        System.setProperty("hadron.terminal", "true");
        Progress progress = new Progress(new PrintWriter(err));

        work(progress);

        assertThat(err.toString())
                .startsWith(CLEAR_LINE + "[........................] quantize   0 %  0 B/s  ? left")
                .contains(CLEAR_LINE + "quantize: done in ");
    }

    @Test
    void aStageThatFailsLeavesAnEmptyLine() {
        System.setProperty("hadron.terminal", "true");
        Progress progress = new Progress(new PrintWriter(err));

        progress.started("quantize", 10, "bytes");
        progress.close();
        progress.close();

        assertThat(err.toString()).endsWith(" left" + CLEAR_LINE);
    }

    private static void work(Progress progress) {
        progress.started("quantize", 1000, "bytes");
        for (int done = 0; done <= 1000; done++) {
            progress.advanced(done);
        }
        progress.finished();
        progress.close();
    }
}
