package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.AlgoConfigBase;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every configuration that release 0.13 wrote into an exported checkpoint is read, and is usable. */
class GoldenCheckpointConfigsTest {
    @ParameterizedTest
    @CsvSource({"checkpoints/llama, 21", "checkpoints/qwen2, 21", "algorithms/llama, 14"})
    void everyExportedConfigurationIsRead(String folder, int least) {
        int read = 0;
        for (Map.Entry<String, JsonNode> scheme :
                GoldenFolder.json(folder + "/schemes.json").get("schemes").properties()) {
            if (scheme.getValue().has("export_error")) {
                continue;
            }
            JsonNode inSchemes = scheme.getValue().get("quantization_config");
            JsonNode inFolder = GoldenFolder.json(folder + "/" + scheme.getKey() + "/config.json")
                    .get("quantization_config");

            Config config = ConfigJson.fromTree(inSchemes, scheme.getKey());

            assertThat(ConfigJson.fromTree(inFolder, scheme.getKey())).isEqualTo(config);
            assertThat(ConfigJson.parse(ConfigJson.write(config), "written")).isEqualTo(config);
            if (config.globalQuantConfig().weight() instanceof QuantizationSpec weight) {
                SpecRules.check(weight, scheme.getKey());
            }
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(least);
    }

    @Test
    void algorithmsAndOptimizationsComeApart() {
        Set<String> names = new TreeSet<>();
        GoldenFolder.json("algorithms/llama/schemes.json").get("schemes").forEachEntry((name, scheme) -> {
            Config config = ConfigJson.fromTree(scheme.get("quantization_config"), name);
            config.preQuantOptConfig().stream().map(AlgoConfigBase::name).forEach(names::add);
            if (config.algoConfig() != null) {
                names.add(config.algoConfig().name());
            }
        });

        assertThat(names).containsExactly("autosmoothquant", "awq", "gptq", "quarot", "rotation", "smooth");
    }
}
