package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AlgoConfigBase;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two functions that load an algorithm's settings from a file, against recorded answers. */
class GoldenAlgorithmFilesTest {
    private static final Set<String> KEYS_OF_SMOOTH = Set.of(
            "name",
            "alpha",
            "scale_clamp_min",
            "scaling_layers",
            "model_decoder_layers",
            "num_attention_heads",
            "num_key_value_heads");

    @Test
    void filesBecomeWhatTheyWereRecordedToBecome(@TempDir Path folder) throws IOException {
        int read = 0;
        int refused = 0;
        int underItsOldName = 0;
        for (JsonNode golden : GoldenFolder.json("config/config.json").get("loads")) {
            boolean optimization = golden.get("function").stringValue().startsWith("load_pre");
            String text = golden.get("text").stringValue();
            Optional<AlgoConfigBase> loaded = load(Files.writeString(folder.resolve("algo.json"), text), optimization);

            if (golden.has("result")) {
                assertThat(loaded).as(text).contains(NeutralAlgorithms.algorithm(golden.get("result")));
                read++;
            } else if (optimization && isSmoothUnderItsOldName(text)) {
                assertThat(loaded.orElseThrow()).as(text).isInstanceOf(SmoothQuantConfig.class);
                underItsOldName++;
            } else {
                assertThat(loaded).as(text).isEmpty();
                refused++;
            }
        }
        assertThat(read + refused + underItsOldName).isEqualTo(120);
        assertThat(read).isGreaterThan(30);
        assertThat(underItsOldName).isGreaterThan(0);
    }

    private static Optional<AlgoConfigBase> load(Path file, boolean optimization) throws IOException {
        try {
            return Optional.of(optimization ? PreQuantOptConfig.load(file) : AlgoConfig.load(file));
        } catch (ConfigException e) {
            assertThat(e).hasMessageContaining("algo.json");
            return Optional.empty();
        }
    }

    private static boolean isSmoothUnderItsOldName(String text) {
        if (!text.contains("\"smoothquant\"")) {
            return false;
        }
        return new JsonMapper()
                .readTree(text).propertyStream().map(java.util.Map.Entry::getKey).collect(Collectors.toSet()).stream()
                        .allMatch(KEYS_OF_SMOOTH::contains);
    }
}
