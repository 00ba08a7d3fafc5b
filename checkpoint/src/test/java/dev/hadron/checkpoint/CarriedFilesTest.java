package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarriedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void everythingButWeightsConfigurationAndHiddenFilesIsCarried() throws IOException {
        create("tokenizer.json", "tokenizer.model", "generation_config.json", "chat_template.jinja", "LICENSE");
        create("modeling_custom.py", "README.md", "additional_chat_templates/tool_use.jinja");
        create("config.json", "model.safetensors", "model.safetensors.index.json", "model-00001-of-00002.safetensors");
        create(
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "x.PT",
                "x.pth",
                "m-Q4.gguf",
                "m.onnx",
                "m.onnx_data");
        create("tf_model.h5", "flax_model.msgpack", ".gitattributes", ".git/config", "x.incomplete", "x.lock");
        create("original/params.json", "onnx/model.onnx", "figures/benchmark.png");

        assertThat(CarriedFiles.of(folder))
                .map(Path::toString)
                .containsExactly(
                        "LICENSE",
                        "README.md",
                        Path.of("additional_chat_templates", "tool_use.jinja").toString(),
                        "chat_template.jinja",
                        "generation_config.json",
                        "modeling_custom.py",
                        "tokenizer.json",
                        "tokenizer.model");
    }

    @Test
    void linksCountAsTheirFiles() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/main"));
        create("blobs/0123");
        Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), Path.of("../../blobs/0123"));

        assertThat(CarriedFiles.of(snapshot)).containsExactly(Path.of("tokenizer.json"));
    }

    @Test
    void aLinkToNothingIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("tokenizer.json"), Path.of("blobs", "gone"));

        assertThatThrownBy(() -> CarriedFiles.of(folder))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageContaining(link + " is a link to blobs")
                .hasMessageContaining("download may be incomplete");
    }

    private void create(String... files) throws IOException {
        for (String file : files) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.resolve(".."));
            Files.writeString(path, "");
        }
    }
}
