package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GlobTest {
    /** Made by {@code tools/make_glob_cases.py}: names; then patterns, each with the names that match it in Python. */
    private static List<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(GlobTest.class.getResourceAsStream("glob-cases.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void patternsMatchWhatPythonsFnmatchMatches() throws IOException {
        List<String> names = List.of(lines().getFirst().split("\t"));
        List<String> patterns = lines().subList(1, lines().size());

        assertThat(patterns).hasSizeGreaterThan(300).allSatisfy(line -> {
            List<String> fields = Arrays.asList(line.split("\t", -1));
            Glob glob = new Glob(fields.getFirst());
            assertThat(names.stream().filter(glob::matches))
                    .containsExactlyElementsOf(fields.subList(1, fields.size()));
        });
    }

    @Test
    void theWholeNameMustMatch() {
        assertThat(new Glob("q_proj").matches("layers.0.q_proj")).isFalse();
        assertThat(new Glob("*q_proj").matches("layers.0.q_proj")).isTrue();
        assertThat(new Glob("*").matches("")).isTrue();
        assertThat(new Glob("").matches("")).isTrue();
    }

    @Test
    void linesAreCrossedLikeAnyCharacter() {
        assertThat(new Glob("a*b").matches("a\n.b")).isTrue();
        assertThat(new Glob("a?b").matches("a\nb")).isTrue();
    }

    @Test
    void manyStarsDontTakeForever() {
        assertThat(new Glob("*a".repeat(30) + "b").matches("a".repeat(2000))).isFalse();
    }
}
