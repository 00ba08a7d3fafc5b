package dev.hadron.checkpoint.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertThat(Quoted.of("a\u001b[2J\nb\u202ec")).isEqualTo("\"a\\u001b[2J\\u000ab\\u202ec\"");
        assertThat(Quoted.of("\"\\")).isEqualTo("\"\\\"\\\\\"");
    }

    @Test
    void longNamesAreCut() {
        assertThat(Quoted.of("x".repeat(120))).isEqualTo("\"" + "x".repeat(120) + "\"");
        assertThat(Quoted.of("x".repeat(121))).isEqualTo("\"" + "x".repeat(120) + "…\"");
    }
}
