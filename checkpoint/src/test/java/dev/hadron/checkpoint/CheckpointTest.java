package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.safetensors.SafetensorsBytes;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.HadronException;
import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
    }

    @Test
    void aFolderWithOneFileIsOpened() throws IOException {
        Path file = SafetensorsBytes.write(folder.resolve("model.safetensors"), "z", "a");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.folder()).isEqualTo(folder);
            assertThat(checkpoint.config().get("model_type").stringValue()).isEqualTo("llama");
            assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("z", "a");
            assertThat(checkpoint.find("a").orElseThrow().file()).isEqualTo(file);
            assertThat(checkpoint.find("b")).isEmpty();
            assertThat(checkpoint.byteSize()).isEqualTo(16);
            assertThat(checkpoint.quantMethod()).isEmpty();
            assertThat(checkpoint.carriedFiles()).isEmpty();
        }
    }

    @Test
    void shardsComeInTheOrderOfTheirNames() throws IOException {
        shard("b.safetensors", "one");
        shard("a.safetensors", "two", "three");
        index("one", "b.safetensors", "two", "a.safetensors", "three", "a.safetensors");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("two", "three", "one");
            assertThat(checkpoint.require("one").file()).isEqualTo(folder.resolve("b.safetensors"));
        }
    }

    @Test
    void aSingleFileWinsOverAnIndex() throws IOException {
        shard("a.safetensors", "sharded");
        index("sharded", "a.safetensors");
        shard("model.safetensors", "single");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("single");
        }
    }

    @Test
    void indexAndShardsMustAgree() throws IOException {
        shard("a.safetensors", "one");
        shard("b.safetensors", "two");

        index("one", "a.safetensors", "two", "b.safetensors", "three", "b.safetensors");
        refused("tensor \"three\" should be in b.safetensors, but isn't there");
        index("one", "a.safetensors", "three", "b.safetensors");
        refused("doesn't name the tensor \"two\", which b.safetensors holds");
        index("one", "b.safetensors", "two", "b.safetensors");
        refused("tensor \"one\" should be in b.safetensors, but isn't there");
        index("one", "a.safetensors", "two", "c.safetensors");
        refused(folder.resolve("c.safetensors") + " is missing, although model.safetensors.index.json names it");
        shard("b.safetensors", "two", "one");
        index("one", "a.safetensors", "two", "b.safetensors");
        refused("tensor \"one\" should be in a.safetensors, but b.safetensors holds one of that name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.safetensors",
                "..",
                ".",
                "",
                " ",
                "/etc/passwd",
                "sub/a.safetensors",
                "sub\\\\a.safetensors",
                "C:a.safetensors",
                "a\\u0000.safetensors",
                "./a.safetensors"
            })
    void anIndexNamesFilesOfItsOwnFolderOnly(String name) throws IOException {
        index("one", name);

        refused("tensor \"one\" is mapped to ", "only the plain name of a file in the same folder is allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | must have an object \"weight_map\"",
                "{\"weight_map\": []} | must have an object \"weight_map\"",
                "{\"weight_map\": {}} | names no tensor",
                "{\"weight_map\": {\"a\": 1}} | tensor \"a\" must be mapped to the name of a file, but is mapped to a number",
                "{\"weight_map\": {\"a\": \"x\", \"a\": \"x\"}} | Duplicate Object property \"a\"",
                "{ | at line 1, column"
            })
    void malformedIndexesAreRefused(String json, String message) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), json);

        refused(folder.resolve("model.safetensors.index.json").toString(), message);
    }

    @Test
    void linksOfTheHuggingFaceCacheAreFollowed() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/main"));
        Files.createDirectory(folder.resolve("blobs"));
        SafetensorsBytes.write(folder.resolve("blobs/01"), "a");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/01"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), folder.resolve("config.json"));

        try (Checkpoint checkpoint = Checkpoint.open(snapshot);
                MappedTensor tensor = checkpoint.map("a")) {
            assertThat(tensor.tensor().toFloats()).hasSize(2);
        }
        Files.delete(folder.resolve("blobs/01"));
        assertThatThrownBy(() -> Checkpoint.open(snapshot))
                .hasMessageContaining("model.safetensors leads to a file that doesn't exist");
    }

    @Test
    void whatIsNoFolderIsInvalidInput() {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("no")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no doesn't exist");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("config.json")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is a file; name the folder");
    }

    @Test
    void aFolderWithoutConfigurationIsRefused() throws IOException {
        SafetensorsBytes.write(folder.resolve("model.safetensors"), "a");
        Files.delete(folder.resolve("config.json"));
        refused(folder + " has no config.json");
        Files.createDirectory(folder.resolve("config.json"));
        refused("config.json isn't a regular file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer.json | has no weights: neither model.safetensors nor model.safetensors.index.json",
                "pytorch_model.bin | only pytorch_model.bin; pickle files aren't read",
                "consolidated.00.pth | only consolidated.00.pth; pickle files aren't read",
                "m-Q4_K.gguf | only m-Q4_K.gguf; GGUF files aren't read",
                "model.onnx | only model.onnx; ONNX files aren't read",
                "tf_model.h5 | only tf_model.h5; weights of TensorFlow",
                "model-00002-of-00002.safetensors | has model-00002-of-00002.safetensors but no model.safetensors.index.json",
                "adapter_model.safetensors | merge the adapter into its base model first",
                "my.safetensors | only my.safetensors; rename that file if it is the model"
            })
    void aFolderWithoutReadableWeightsSaysWhatItHas(String file, String message) throws IOException {
        Files.writeString(folder.resolve(file), "");

        refused(folder.toString(), message);
    }

    @Test
    void aMissingTensorIsRefusedWithTheNearestNames() throws IOException {
        SafetensorsBytes.write(folder.resolve("model.safetensors"), "model.norm.weight", "lm_head.weight");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(() -> checkpoint.require("model.norms.weight"))
                    .isInstanceOf(CheckpointFormatException.class)
                    .hasMessage(folder + " has no tensor \"model.norms.weight\";"
                            + " the nearest names are \"model.norm.weight\"");
            assertThatThrownBy(() -> checkpoint.map("?")).hasMessage(folder + " has no tensor \"?\"");
        }
    }

    @Test
    void theQuantizationMethodIsThatOfTheConfiguration() throws IOException {
        SafetensorsBytes.write(folder.resolve("model.safetensors"), "a");
        Path config = folder.resolve("config.json");
        Files.writeString(config, "{\"quantization_config\": {\"quant_method\": \"quark\"}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.quantMethod()).contains("quark");
        }
        Files.writeString(config, "{\"quantization_config\": {\"quant_method\": 3}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(checkpoint::quantMethod).hasMessageContaining("must have a string", "has a number");
        }
        Files.writeString(config, "{\"quantization_config\": {\"bits\": 4}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(checkpoint::quantMethod)
                    .hasMessageContainingAll("must have a string", "has nothing", "remove quantization_config");
        }
        Files.writeString(config, "{\"quantization_config\": {}}");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.quantMethod()).isEmpty();
        }
    }

    @Test
    void aClosedCheckpointMapsNothing() throws IOException {
        SafetensorsBytes.write(folder.resolve("model.safetensors"), "a");
        Checkpoint checkpoint = Checkpoint.open(folder);
        checkpoint.close();

        assertThatThrownBy(() -> checkpoint.map("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> checkpoint.mapRows("a", 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(HadronException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }

    private void shard(String file, String... tensors) throws IOException {
        SafetensorsBytes.write(folder.resolve(file), tensors);
    }

    private void index(String... tensorsAndFiles) throws IOException {
        StringBuilder map = new StringBuilder();
        for (int i = 0; i < tensorsAndFiles.length; i += 2) {
            map.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(tensorsAndFiles[i], tensorsAndFiles[i + 1]));
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
    }
}
