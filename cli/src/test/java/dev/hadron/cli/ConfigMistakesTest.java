package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemes and configuration files that can't be used. */
class ConfigMistakesTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() throws IOException {
        assertThat(edited("\"group_size\"", "\"groupe_size\""))
                .contains("my.json: global_quant_config.weight", "\"groupe_size\"", "\"group_size\"");
        assertThat(edited("\"exclude\"", "\"exlude\"")).contains("my.json", "\"exlude\"", "\"exclude\"");
    }

    @Test
    void malformedJsonIsRefusedWithLineAndColumn() throws IOException {
        assertThat(refused("{\n  \"format\": 1,\n  global_quant_config: {}\n}"))
                .contains("my.json isn't JSON: line 3, column ");
        assertThat(refused("")).contains("my.json isn't JSON: line 1, column 1");
        assertThat(refused("{\"format\": 1}}")).contains("line 1, column 14");
        assertThat(refused("[".repeat(5000))).contains("my.json isn't JSON");
    }

    @Test
    void whatIsntAConfigurationIsRefused() throws IOException {
        assertThat(refused("[1]")).contains("my.json must be a JSON object, not [1]");
        assertThat(refused("{\"format\": 1}")).contains("my.json has no global_quant_config");
        Files.write(folder.resolve("my.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x7b});
        assertThat(config("my.json")).contains("my.json isn't UTF-8; convert it first");
        assertThat(config("nowhere.json")).contains("nowhere.json doesn't exist; name a JSON file");
        assertThat(config("model")).contains("model is a folder; name a JSON file");
    }

    @Test
    void aSettingThatIsMissingIsRefusedByLayerAndField() throws IOException {
        assertThat(edited("\"symmetric\" : false,", ""))
                .contains("symmetric of the weight of layer model.layers.0.mlp.down_proj", "it must be true or false");
        assertThat(edited("\"group_size\" : 32,", "")).contains("group_size of the weight of layer");
        assertThat(edited("\"qscheme\" : \"per_group\",", ""))
                .contains("qscheme of the weight of layer", "per_tensor, per_channel or per_group");
    }

    @Test
    void aValueThatIsntAllowedIsRefusedWithThoseThatAre() throws IOException {
        assertThat(edited("\"uint4\"", "\"uint5\"")).contains("weight.dtype is \"uint5\"", "int8, uint8, int4, uint4");
        assertThat(edited("\"group_size\" : 32", "\"group_size\" : 0")).contains("group_size is 0");
        assertThat(edited("\"ch_axis\" : -1", "\"ch_axis\" : 7"))
                .contains("layer model.layers.0.mlp.down_proj", "ch_axis 7", "it must be from -2 to 1");
        assertThat(edited("\"format\" : 1", "\"format\" : 2")).contains("format is 2", "newer");
    }

    @Test
    void aGroupThatDoesntDivideIsRefusedWithLayerAndBothNumbers() throws IOException {
        assertThat(workspace.quantizeRefused("--scheme", "uint4-g128"))
                .contains("layer model.layers.0.mlp.gate_proj", "group_size 128", "64 elements", "exclude the layer");
        assertThat(edited("\"group_size\" : 32", "\"group_size\" : 48")).contains("group_size 48", "128 elements");
    }

    @Test
    void whatTheLayoutCantHoldIsRefusedBeforeTheWork() throws IOException {
        assertThat(edited("\"ch_axis\" : -1", "\"ch_axis\" : 0"))
                .contains("the layout quark", "axis 0", "layer model.layers.0.mlp.down_proj");
    }

    @Test
    void aConfigurationThatReachesNoLayerIsRefused() throws IOException {
        assertThat(workspace.quantizeRefused("--scheme", "int8", "--exclude", "*"))
                .contains("quantizes none of the model's 16 layers", "exclude");
        assertThat(refused("{\"format\": 1, \"global_quant_config\": {}}")).contains("quantizes none");
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThat(workspace.quantizeRefused("--scheme", "uint4-128"))
                .contains("no scheme \"uint4-128\"", "the nearest is \"uint4-g128\"", "fp8-kv8");
        assertThat(workspace.refused("schemes", "w8a9")).contains("no scheme \"w8a9\"", "the nearest is \"w8a8\"");
        assertThat(workspace.quantizeRefused("--scheme", "int8", "--layout", "awk"))
                .contains("no layout \"awk\"", "quark");
    }

    @Test
    void aSchemeThatIsCalibratedNeedsAText() {
        assertThat(workspace.quantizeRefused("--scheme", "fp8"))
                .contains("static scales", "give a calibration text (--calibration)");
        assertThat(workspace.quantizeRefused("--scheme", "fp8-kv8")).contains("--calibration");
    }

    @Test
    void aPatternThatMatchesNothingIsntAMistakeButSaid() {
        Run run = Run.succeeded(
                "quantize", workspace.model(), "-s", "int8", "--exclude", "*.down_prj", "-o", workspace.output());

        assertThat(run.err()).contains("note: the pattern \"*.down_prj\" of exclude matches no layer");
    }

    private String edited(String found, String replacement) throws IOException {
        String config = Run.succeeded("schemes", "uint4-g32").out();
        assertThat(config).contains(found);
        return refused(config.replace(found, replacement));
    }

    private String refused(String config) throws IOException {
        workspace.file("my.json", config);
        return config("my.json");
    }

    private String config(String name) {
        return workspace.quantizeRefused("--config", folder.resolve(name));
    }
}
