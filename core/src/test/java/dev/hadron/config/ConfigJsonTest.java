package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.Dtype;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
    private static final String OURS = "{\"format\": 1, \"global_quant_config\": {\"weight\": {%s}}}";
    private static final String REFERENCES =
            "{\"quant_method\": \"quark\", \"global_quant_config\": {\"weight\": {%s}}}";

    @Test
    void whatIsWrittenReadsBackEqual() {
        RandomConfigs configs = new RandomConfigs(1);

        for (int i = 0; i < 500; i++) {
            Config config = configs.next();
            Config read = ConfigJson.parse(ConfigJson.write(config), "written");

            assertThat(read).isEqualTo(config);
            assertThat(read.layerQuantConfig().keySet())
                    .containsExactlyElementsOf(config.layerQuantConfig().keySet());
            assertThat(read.kvCacheQuantConfig().keySet())
                    .containsExactlyElementsOf(config.kvCacheQuantConfig().keySet());
            assertThat(config.toBuilder().build()).isEqualTo(config);
        }
    }

    @Test
    void duplicatePatternsInARecordReadBackEqualToo() {
        Config config = new Config(
                QuantizationConfig.NOTHING_SAID,
                java.util.Map.of(),
                java.util.Map.of(),
                java.util.Map.of(),
                List.of("a", "b", "a"),
                null,
                List.of(),
                QuantizationMode.EAGER_MODE,
                1);

        assertThat(config.exclude()).containsExactly("a", "b");
        assertThat(ConfigJson.parse(ConfigJson.write(config), "written")).isEqualTo(config);
    }

    @Test
    void aFileIsReadUnderItsName(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.json"), "{\"format\": 1}");

        assertThatThrownBy(() -> ConfigJson.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mine.json")
                .hasMessageContaining("global_quant_config");
    }

    @Test
    void whatIsntATextInAFileIsRefusedByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.json");

        assertThatThrownBy(() -> ConfigJson.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mine.json doesn't exist");
        assertThatThrownBy(() -> ConfigJson.read(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is a folder");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, '{'});
        assertThatThrownBy(() -> ConfigJson.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mine.json isn't UTF-8");
    }

    @Test
    void deepNestingIsRefused() {
        refused("[".repeat(5000)).hasMessageContaining("text isn't JSON");
    }

    @Test
    void aMissingKeyTakesTheBuildersDefault() {
        assertThat(ConfigJson.parse("{\"global_quant_config\": {}}", "text"))
                .isEqualTo(Config.builder().build());
        assertThat(spec(OURS, "\"dtype\": \"int8\""))
                .isEqualTo(QuantizationSpec.builder(Dtype.INT8).build());
    }

    @Test
    void nullStandsForAnEmptyListOrMap() {
        String text = """
                {"global_quant_config": {}, "exclude": null, "layer_quant_config": null, "quant_mode": null,
                 "layer_type_quant_config": null, "kv_cache_quant_config": null, "log_severity_level": null}""";

        assertThat(ConfigJson.parse(text, "text")).isEqualTo(Config.builder().build());
    }

    @Test
    void aTensorIsQuantizedOrNotOrNotSpokenOf() {
        QuantizationConfig layer = ConfigJson.parse(
                        "{\"global_quant_config\": {\"weight\": {\"dtype\": \"uint4\"}, \"bias\": null}}", "text")
                .globalQuantConfig();

        assertThat(layer.weight())
                .isEqualTo(QuantizationSpec.builder(Dtype.UINT4).build());
        assertThat(layer.bias()).isEqualTo(TensorSetting.NOT_QUANTIZED);
        assertThat(layer.inputTensors()).isNull();
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        refused("{\"global_quant_cfg\": {}}")
                .hasMessageContaining("\"global_quant_cfg\"")
                .hasMessageContaining("\"global_quant_config\"");
        refused("{\"global_quant_config\": {\"wieght\": null}}")
                .hasMessageContaining("nearest known one is \"weight\"");
        refused(OURS.formatted("\"dtype\": \"int8\", \"simmetric\": true"))
                .hasMessageContaining("global_quant_config.weight")
                .hasMessageContaining("nearest known one is \"symmetric\"");
    }

    @Test
    void keysThatNewerReleasesOfThePythonToolWriteAreReadInItsFiles() {
        String newer = """
                "dtype": "int8", "is_scale_quant": false, "scale_format": null, "scale_calculation_mode": null,
                "block_size": null, "mx_element_dtype": null, "qat_spec": null, "enable_buffer_reuse": true, "max_input_numel": 5""";

        assertThat(spec(REFERENCES, newer).dtype()).isEqualTo(Dtype.INT8);
        refused(OURS.formatted("\"dtype\": \"int8\", \"enable_buffer_reuse\": true"))
                .hasMessageContaining("enable_buffer_reuse");
    }

    @Test
    void whatANewerKeyAsksForIsntSilentlyLeftOut() {
        assertThatThrownBy(() -> spec(REFERENCES, "\"dtype\": \"int8\", \"is_scale_quant\": true"))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("is_scale_quant");
    }

    @Test
    void oldFilesOfThePythonToolHadOneObserverForEachScheme() {
        assertThat(spec(REFERENCES, "\"dtype\": \"int8\", \"qscheme\": \"per_channel\"")
                        .observerCls())
                .isEqualTo(ObserverType.PER_CHANNEL_MIN_MAX);
        assertThat(spec(REFERENCES, "\"dtype\": \"int8\", \"qscheme\": \"per_channel\", \"observer_cls\": null")
                        .observerCls())
                .isNull();
        assertThat(spec(OURS, "\"dtype\": \"int8\", \"qscheme\": \"per_channel\"")
                        .observerCls())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {OURS, REFERENCES})
    void bothSpellingsOfASettingAreRead(String file) {
        QuantizationSpec old = spec(file, "\"dtype\": \"int8\", \"dynamic\": true, \"axis\": -1");

        assertThat(old).isEqualTo(spec(file, "\"dtype\": \"int8\", \"is_dynamic\": true, \"ch_axis\": -1"));
        assertThat(old.chAxis()).isEqualTo(-1);
    }

    @Test
    void bothSpellingsAtOnceAreRefused() {
        refused(OURS.formatted("\"dtype\": \"int8\", \"axis\": 0, \"ch_axis\": 1"))
                .hasMessageContaining("both spellings of ch_axis");
    }

    @Test
    void aNewerFormatIsRefusedByName() {
        refused("{\"format\": 2, \"global_quant_config\": {}}")
                .hasMessageContaining("format is 2")
                .hasMessageContaining("newer Hadron");
    }

    @Test
    void malformedTextIsRefusedWithLineAndColumn() {
        refused("{\"global_quant_config\":\n   {,}}").hasMessageContaining("text isn't JSON: line 2, column 5");
        refused("").hasMessageContaining("text isn't JSON: line 1, column 1");
        refused("   \n ").hasMessageContaining("text isn't JSON");
        refused("{\"global_quant_config\": {}} trailing").hasMessageContaining("text isn't JSON: line 1, column 29");
    }

    @Test
    void duplicateKeysAreRefusedWithLineAndColumn() {
        refused("{\"global_quant_config\": {},\n \"global_quant_config\": {}}")
                .hasMessageContaining("line 2")
                .hasMessageContaining("global_quant_config");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "3", "\"text\""})
    void textThatIsNoObjectIsRefused(String text) {
        refused(text).hasMessageContaining("must be a JSON object").hasMessageContaining(text);
    }

    @Test
    void valuesOfTheWrongKindAreRefusedByFieldAndValue() {
        refused(OURS.formatted("\"dtype\": \"int9\""))
                .hasMessageContaining("weight.dtype")
                .hasMessageContaining("\"int9\"")
                .hasMessageContaining("int8, uint8");
        refused(OURS.formatted("\"symmetric\": true")).hasMessageContaining("has no dtype");
        refused(OURS.formatted("\"dtype\": \"int8\", \"symmetric\": 1"))
                .hasMessageContaining("weight.symmetric is 1; it must be true, false or null");
        refused(OURS.formatted("\"dtype\": \"int8\", \"group_size\": 1.5"))
                .hasMessageContaining("weight.group_size is 1.5");
        refused(OURS.formatted("\"dtype\": \"int8\", \"group_size\": 0")).hasMessageContaining("group_size is 0");
        refused(OURS.formatted("\"dtype\": \"int8\", \"qscheme\": 3"))
                .hasMessageContaining("weight.qscheme is 3; it must be a text");
        refused("{\"global_quant_config\": {}, \"exclude\": \"lm_head\"}")
                .hasMessageContaining("exclude is \"lm_head\"; it must be a list");
        refused("{\"global_quant_config\": {}, \"log_severity_level\": 9}")
                .hasMessageContaining("log_severity_level is 9");
        refused("{\"global_quant_config\": {}, \"layer_type_quant_config\": {\"Conv3d\": {}}}")
                .hasMessageContaining("\"Conv3d\"")
                .hasMessageContaining("Conv2d");
        refused("{\"global_quant_config\": {\"target_device\": \"tpu\"}}").hasMessageContaining("cpu, gpu, ipu");
    }

    private static QuantizationSpec spec(String file, String fields) {
        TensorSetting weight = ConfigJson.parse(file.formatted(fields), "text")
                .globalQuantConfig()
                .weight();
        assertThat(weight).isInstanceOf(QuantizationSpec.class);
        return (QuantizationSpec) java.util.Objects.requireNonNull(weight);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String text) {
        return assertThatThrownBy(() -> ConfigJson.parse(text, "text")).isInstanceOf(ConfigException.class);
    }
}
