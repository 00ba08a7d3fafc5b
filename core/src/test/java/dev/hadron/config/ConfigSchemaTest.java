package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hadron.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigJson.schema(), InputFormat.JSON);

    @Test
    void theFileInTheDocumentsIsWhatTheGeneratorMakes() throws IOException {
        Path file = Path.of(Objects.requireNonNull(System.getProperty("hadron.repository")), "docs")
                .resolve("hadron-config.schema.json");

        assertThat(Files.readString(file))
                .as("renew it: ./hadron schemes --schema > docs/hadron-config.schema.json")
                .isEqualTo(ConfigJson.schema());
    }

    @Test
    void theLibraryCarriesIt() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConfigJson.class.getResourceAsStream("hadron-config.schema.json"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(ConfigJson.schema());
        }
    }

    @Test
    void whateverIsWrittenIsAccepted() {
        RandomConfigs configs = new RandomConfigs(7);
        for (int i = 0; i < 200; i++) {
            String written = ConfigJson.write(configs.next());

            assertThat(SCHEMA.validate(written, InputFormat.JSON)).as(written).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"global_quant_config\": {}}",
                "{\"global_quant_config\": {\"weight\": null}, \"exclude\": null, \"quant_mode\": null}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int8\", \"dynamic\": true, \"axis\": -1}}}",
                "{\"global_quant_config\": {}, \"algo_config\": {\"name\": \"awq\"}}",
                "{\"global_quant_config\": {}, \"pre_quant_opt_config\": [{\"name\": \"smoothquant\"}, {\"name\": \"quarot\", \"had\": true}]}",
                "{\"global_quant_config\": {}, \"pre_quant_opt_config\": [{\"name\": \"rotation\", \"scaling_layers\": {\"first_layer\": []}}]}"
            })
    void whatTheReaderTakesIsAccepted(String text) {
        assertThat(ConfigJson.parse(text, "text")).isNotNull();
        assertThat(SCHEMA.validate(text, InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"global_quant_config\": null}",
                "{\"global_quant_config\": {}, \"globel\": {}}",
                "{\"global_quant_config\": {\"wieght\": null}}",
                "{\"global_quant_config\": {\"weight\": {}}}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int9\"}}}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int8\", \"symmetric\": 1}}}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int8\", \"group_size\": 1.5}}}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int8\", \"group_size\": 0}}}",
                "{\"global_quant_config\": {\"weight\": {\"dtype\": \"int8\", \"qscheme\": 3}}}",
                "{\"global_quant_config\": {\"target_device\": \"tpu\"}}",
                "{\"global_quant_config\": {}, \"exclude\": \"lm_head\"}",
                "{\"global_quant_config\": {}, \"log_severity_level\": 9}",
                "{\"global_quant_config\": {}, \"layer_type_quant_config\": {\"Conv3d\": {}}}",
                "{\"global_quant_config\": {}, \"format\": 2}",
                "{\"global_quant_config\": {}, \"quant_mode\": \"lazy\"}",
                "{\"global_quant_config\": {}, \"algo_config\": {}}",
                "{\"global_quant_config\": {}, \"algo_config\": {\"name\": \"smooth\"}}",
                "{\"global_quant_config\": {}, \"algo_config\": {\"name\": \"awq\", \"damp_percent\": 1}}",
                "{\"global_quant_config\": {}, \"algo_config\": {\"name\": \"gptq\", \"damp_percent\": \"much\"}}",
                "{\"global_quant_config\": {}, \"pre_quant_opt_config\": [{\"name\": \"rotation\", \"scaling_layers\": {\"second_layer\": []}}]}"
            })
    void whatTheReaderRefusesIsRefused(String text) {
        assertThatThrownBy(() -> ConfigJson.parse(text, "text")).isInstanceOf(ConfigException.class);
        assertThat(SCHEMA.validate(text, InputFormat.JSON)).isNotEmpty();
    }
}
