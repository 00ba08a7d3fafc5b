package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that was damaged after it was written must not pass. */
class VerificationTest {
    @TempDir
    private Path folder;

    private Checkpoint source;
    private QuantizedModel model;
    private WrittenModel written;

    @BeforeEach
    void write() throws IOException {
        source = Checkpoint.open(Shared.repository().resolve("examples/quill-4m"));
        QuantizationPlan plan = QuantizationPlan.of(Scheme.UINT4_G128.config(), ModelQuantizer.layersOf(source));
        model = ModelQuantizer.of(plan).quantize(source);
        written = ModelExporter.to(ExportLayout.QUARK).write(model, folder, Execution.quiet());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void whatWasWrittenPasses() {
        assertThatCode(this::verify).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.norm.weight",
                "lm_head.weight",
                "model.layers.0.mlp.up_proj.weight",
                "model.layers.0.mlp.up_proj.weight_scale",
                "model.layers.0.mlp.up_proj.weight_zero_point"
            })
    void oneFlippedBitIsFound(String tensor) throws IOException {
        flip(tensor);

        assertThatThrownBy(this::verify).isInstanceOf(IOException.class).hasMessageContaining(tensor);
    }

    @Test
    void aConfigurationThatLeavesALayerOutIsFound() throws IOException {
        edit("config.json", "\"lm_head\"", "\"lm_head\", \"model.layers.0.mlp.up_proj\"");

        assertThatThrownBy(this::verify)
                .hasMessageContaining("model.layers.0.mlp.up_proj")
                .hasMessageContaining("config.json");
    }

    @Test
    void aConfigurationThatDescribesOtherGroupsIsFound() throws IOException {
        edit("config.json", "\"group_size\": 128", "\"group_size\": 64");

        assertThatThrownBy(this::verify).hasMessageContaining("model.layers.0");
    }

    @Test
    void aCarriedFileThatChangedIsFound() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{}");

        assertThatThrownBy(this::verify).hasMessageContaining("generation_config.json");
    }

    @Test
    void aMissingFileIsFound() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));

        assertThatThrownBy(this::verify).isInstanceOf(IOException.class);
    }

    private void verify() throws IOException {
        Verification.verify(model, written, folder, Execution.quiet());
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = folder.resolve(file);
        String before = Files.readString(path);
        Files.writeString(path, before.replace(from, to));
    }

    private void flip(String name) throws IOException {
        TensorInfo tensor;
        try (Checkpoint result = Checkpoint.open(folder)) {
            tensor = result.require(name);
        }
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, tensor.offset());
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            channel.write(one, tensor.offset());
        }
    }
}
