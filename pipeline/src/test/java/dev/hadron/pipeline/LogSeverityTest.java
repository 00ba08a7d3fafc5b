package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSeverityTest {
    private final Level before = LogSeverity.OURS.getLevel();

    @AfterEach
    void restore() {
        LogSeverity.OURS.setLevel(before);
    }

    @ParameterizedTest
    @CsvSource({"0, DEBUG", "1, INFO", "2, WARNING", "3, ERROR"})
    void theNamedSeverityIsTheLeastThatIsKept(int level, System.Logger.Level least) {
        LogSeverity.apply(level);

        System.Logger ours = System.getLogger("dev.hadron.pipeline.QuantizationJob");
        for (System.Logger.Level severity : new System.Logger.Level[] {
            System.Logger.Level.DEBUG, System.Logger.Level.INFO, System.Logger.Level.WARNING, System.Logger.Level.ERROR
        }) {
            assertThat(ours.isLoggable(severity))
                    .as(severity.name())
                    .isEqualTo(severity.getSeverity() >= least.getSeverity());
        }
    }

    @Test
    void criticalKeepsNothingOfOurs() {
        LogSeverity.apply(4);

        assertThat(System.getLogger("dev.hadron.plan").isLoggable(System.Logger.Level.ERROR))
                .isFalse();
    }

    @Test
    void aHostsLoggersStayAsTheyAre() {
        System.Logger host = System.getLogger("com.example.host");

        LogSeverity.apply(0);

        assertThat(host.isLoggable(System.Logger.Level.DEBUG)).isFalse();
        assertThat(host.isLoggable(System.Logger.Level.INFO)).isTrue();
    }
}
