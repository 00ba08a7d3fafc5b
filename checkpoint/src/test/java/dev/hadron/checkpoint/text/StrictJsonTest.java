package dev.hadron.checkpoint.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictJsonTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("config.json");
    }

    @Test
    void mistakesAreNamedWithLineAndColumn() throws IOException {
        refused("{\n  \"a\": 1,\n  b: 2\n}", "isn't valid JSON at line 3, column 3: Unexpected character ('b'");
        refused("{\n\"a\": 1,\n\"a\": 2}", "at line 3, column ", "Duplicate Object property \"a\"");
        refused("{\"a\": [1, 2", "at line 1, column", "end-of-input");
        refused("{} {}", "at line 1, column");
        refused("{}}", "at line 1, column");
        refused("{\"a\":".repeat(100_000), "isn't valid JSON: Document nesting depth");
    }

    @Test
    void onlyObjectsAreRead() throws IOException {
        refused("", "must hold a JSON object, but is empty");
        refused("  \n", "but is empty");
        refused("[]", "but holds an array");
        refused("null", "but holds null");
        refused("\"\"", "but holds a string");
    }

    @Test
    void onlyUtf8IsRead() throws IOException {
        Files.write(file, "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> StrictJson.readObject(file)).hasMessageContaining("it isn't UTF-8");
        Files.write(file, "{}".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> StrictJson.readObject(file)).hasMessageContaining("it isn't UTF-8");
    }

    @Test
    void pythonsInfinityIsReadAndWritten() throws IOException {
        String text =
                "{\n  \"limit\": [\n    0.0,\n    Infinity\n  ],\n  \"empty\": [],\n  \"nothing\": {},\n  \"e\": \"é\"\n}";
        Files.writeString(file, text);

        assertThat(StrictJson.pretty(StrictJson.readObject(file))).isEqualTo(text);
    }

    @Test
    void aWrittenFileIsReadBackAndNeverOverwritten() throws IOException {
        Files.writeString(file, "{\"a\": 1e-06, \"b\": 123456789012345678901234567890}");
        Path copy = folder.resolve("copy.json");
        StrictJson.write(copy, StrictJson.readObject(file));

        assertThat(StrictJson.readObject(copy)).isEqualTo(StrictJson.readObject(file));
        assertThatThrownBy(() -> StrictJson.write(copy, StrictJson.readObject(file)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(copy).exists();
    }

    private void refused(String text, String... parts) throws IOException {
        Files.writeString(file, text);

        assertThatThrownBy(() -> StrictJson.readObject(file))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
