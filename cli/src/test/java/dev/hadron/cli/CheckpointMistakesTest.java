package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that aren't floating-point checkpoints, or not whole ones. */
class CheckpointMistakesTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void whatIsntAModelFolderIsRefusedAsWhatItIs() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path file = workspace.file("file", "");

        assertThat(refusedModel(empty)).contains("empty has no config.json", "name the folder that holds config.json");
        assertThat(refusedModel(file)).contains("file is a file", "name the folder");
        assertThat(refusedModel(folder.resolve("nowhere"))).contains("nowhere doesn't exist", "name the folder");
    }

    @Test
    void picklesAreRefusedWithAWayOut() throws IOException {
        Files.delete(weights());
        Files.writeString(workspace.model().resolve("pytorch_model.bin"), "");

        assertThat(refusedByAll())
                .contains("only pytorch_model.bin", "convert the model to safetensors", "save_pretrained");
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        Files.delete(weights());

        assertThat(refusedByAll()).contains("has no weights", "model.safetensors.index.json");
    }

    @Test
    void aTruncatedFileIsRefusedByTheTensorThatIsMissing() throws IOException {
        byte[] bytes = Files.readAllBytes(weights());
        Files.write(weights(), Arrays.copyOf(bytes, bytes.length - 10));

        assertThat(refusedByAll()).contains("model.safetensors", "\"model.norm.weight\"", "is truncated, get it again");
    }

    @Test
    void aTruncatedHeaderIsRefused() throws IOException {
        Files.write(weights(), Arrays.copyOf(Files.readAllBytes(weights()), 100));

        assertThat(refusedByAll()).contains("states a header of", "but only 92 follow", "is truncated");
    }

    @Test
    void anUnfinishedDownloadIsRefused() throws IOException {
        Files.write(weights(), new byte[3]);

        assertThat(refusedByAll()).contains("has 3 bytes", "incomplete download");
    }

    @Test
    void aShardOutsideOfTheFolderIsntRead() throws IOException {
        index("../model/model.safetensors");

        assertThat(refusedByAll())
                .contains("model.safetensors.index.json", "\"../model/model.safetensors\"", "the same folder");
    }

    @Test
    void aMissingShardIsRefusedByName() throws IOException {
        index("model-00001-of-00002.safetensors");

        assertThat(refusedByAll()).contains("model-00001-of-00002.safetensors is missing", "get that file too");
    }

    @Test
    void aBrokenConfigurationIsRefusedWithLineAndColumn() throws IOException {
        Files.writeString(config(), "{\n  \"model_type\": \"llama\",\n}");

        assertThat(refusedByAll()).contains("config.json isn't valid JSON at line 3, column 1");
    }

    @Test
    void aConfigurationThatIsntAnObjectIsRefused() throws IOException {
        Files.writeString(config(), "[]");

        assertThat(refusedByAll()).contains("config.json must hold a JSON object, but holds an array");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "uint4-g32", "fp8-weight"})
    void nanInAWeightIsRefusedByTheTensorsName(String scheme) throws IOException {
        setWeight((byte) 0xc0, (byte) 0x7f);

        assertThat(workspace.quantizeRefused("--scheme", scheme))
                .contains(TinyModel.UP + ".weight", "NaN or infinity", "repair the checkpoint or exclude the layer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "uint4-g32", "fp8-weight"})
    void infinityInAWeightIsRefusedByTheTensorsName(String scheme) throws IOException {
        setWeight((byte) 0x80, (byte) 0xff);

        assertThat(workspace.quantizeRefused("--scheme", scheme)).contains(TinyModel.UP + ".weight");
    }

    @Test
    void aModelThatGivesNanHasNoPerplexity() throws IOException {
        setWeight((byte) 0xc0, (byte) 0x7f);
        Object[] text = {"--text", Workspace.text("evaluation"), "--tokens", 512};

        assertThat(workspace.evaluateRefused(text)).contains("are NaN or infinite", "broken");
        assertThat(workspace.quantizeRefused(
                        "--scheme", "int8", "--exclude", "*", "--evaluation", Workspace.text("evaluation")))
                .contains("quantizes none of the model's");
        assertThat(workspace.quantizeRefused(
                        "-s",
                        "int8",
                        "--exclude",
                        "*.mlp.*",
                        "--evaluation",
                        Workspace.text("evaluation"),
                        "--tokens",
                        512))
                .contains("evaluate before", "NaN");
        assertThat(workspace.quantizeRefused(
                        "-s", "fp8", "--calibration", Workspace.text("calibration"), "--samples", 1))
                .contains("calibration: the input of layer model.layers.0.mlp.down_proj holds NaN or infinity");
    }

    @Test
    void aQuantizedCheckpointIsntQuantizedAgain() {
        Path first = workspace.quantized("first", "--scheme", "int8");

        assertThat(workspace.refused("quantize", first, "--scheme", "int8", "--output", workspace.output()))
                .contains(
                        first + " is already quantized", "quant_method \"quark\"", "start from the floating-point one");
    }

    @Test
    void aCheckpointOfAnotherQuantizerIsRefusedByItsMethod() throws IOException {
        replaceInConfig("{", "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4},");

        assertThat(workspace.quantizeRefused("-s", "int8")).contains("already quantized", "\"gptq\"");
        assertThat(workspace.evaluateRefused("--text", Workspace.text("evaluation")))
                .contains("\"gptq\"", "can't be read", "quark and hadron can");
        assertThat(Run.succeeded("inspect", workspace.model()).out()).contains("gptq");
    }

    @Test
    void aQuantizationThatDoesntSayItsMethodIsRefused() throws IOException {
        replaceInConfig("{", "{\"quantization_config\": {\"bits\": 4},");

        assertThat(refusedByAll()).contains("quantization_config.quant_method", "remove quantization_config");
    }

    @Test
    void weightsThatContradictTheConfigurationAreRefusedBeforeAnythingIsWritten() throws IOException {
        replaceInConfig("\"intermediate_size\": 128", "\"intermediate_size\": 130");
        Path text = Workspace.text("evaluation");

        assertThat(workspace.evaluateRefused("--text", text, "--tokens", 512))
                .contains("mlp.gate_proj.weight", "[128, 64]", "[130, 64]", "config.json");
        assertThat(workspace.quantizeRefused("-s", "int8", "--evaluation", text, "--tokens", 512))
                .contains("mlp.gate_proj.weight", "[128, 64]", "[130, 64]");
    }

    @Test
    void anUnknownArchitectureIsRefusedOnlyWhereTheModelMustRun() throws IOException {
        replaceInConfig("llama", "perceiver");
        Path text = Workspace.text("calibration");

        assertThat(workspace.quantizeRefused("-s", "fp8", "--calibration", text))
                .contains("\"perceiver\"", "known are llama, mistral, mixtral, qwen2, qwen3, qwen3_moe", "weight-only");
        assertThat(workspace.quantizeRefused("-s", "int8", "--evaluation", text))
                .contains("\"perceiver\"");
        assertThat(workspace.evaluateRefused("--text", text)).contains("\"perceiver\"");
        assertThat(workspace.quantized("weights", "-s", "int8").resolve("config.json"))
                .content()
                .contains("perceiver");
        assertThat(Run.succeeded("inspect", workspace.model()).out()).contains("can't be run");
    }

    private String refusedByAll() {
        String refusal = workspace.quantizeRefused("--scheme", "int8");
        assertThat(workspace.evaluateRefused("--text", Workspace.text("evaluation")))
                .isEqualTo(refusal);
        assertThat(workspace.refused("inspect", workspace.model())).isEqualTo(refusal);
        return refusal;
    }

    private String refusedModel(Path model) {
        String refusal = workspace.refused("quantize", model, "--scheme", "int8", "--output", workspace.output());
        assertThat(workspace.refused("evaluate", model, "--text", Workspace.text("evaluation")))
                .isEqualTo(refusal);
        assertThat(workspace.refused("inspect", model)).isEqualTo(refusal);
        return refusal;
    }

    private Path weights() {
        return workspace.model().resolve("model.safetensors");
    }

    private Path config() {
        return workspace.model().resolve("config.json");
    }

    private void replaceInConfig(String found, String replacement) throws IOException {
        String text = Files.readString(config());
        assertThat(text).contains(found);
        Files.writeString(config(), text.replace(found, replacement));
    }

    private void index(String shard) throws IOException {
        Files.move(weights(), folder.resolve("elsewhere.safetensors"));
        Files.writeString(
                workspace.model().resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"lm_head.weight\": \"" + shard + "\"}}");
    }

    /** An element of a matrix, as the two bytes of a bfloat16. */
    private void setWeight(byte low, byte high) throws IOException {
        SafetensorsFile file = SafetensorsFile.read(workspace.model());
        int at = file.begin(TinyModel.UP + ".weight") + 200;
        file.data()[at] = low;
        file.data()[at + 1] = high;
        file.write();
    }
}
