package dev.hadron.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsWriterTest {
    @TempDir
    private Path folder;

    @Test
    void whatFitsOneFileNeedsNoIndex() throws IOException {
        write(40, 2, 3, 5);

        assertThat(files()).containsExactly("model.safetensors");
        assertThat(names("model.safetensors")).containsExactly("t0", "t1", "t2");
    }

    @Test
    void tensorsAreDividedInTheirOrder() throws IOException {
        write(20, 2, 3, 6, 1, 0);

        assertThat(files())
                .containsExactly(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json");
        assertThat(names("model-00001-of-00003.safetensors")).containsExactly("t0", "t1");
        assertThat(names("model-00002-of-00003.safetensors")).containsExactly("t2");
        assertThat(names("model-00003-of-00003.safetensors")).containsExactly("t3", "t4");
        assertThat(folder.resolve("model.safetensors.index.json")).hasContent("""
                        {
                          "metadata": {
                            "total_size": 48
                          },
                          "weight_map": {
                            "t0": "model-00001-of-00003.safetensors",
                            "t1": "model-00001-of-00003.safetensors",
                            "t2": "model-00002-of-00003.safetensors",
                            "t3": "model-00003-of-00003.safetensors",
                            "t4": "model-00003-of-00003.safetensors"
                          }
                        }""");
    }

    @Test
    void aModelWithoutTensorsIsOneFile() throws IOException {
        write(20);

        assertThat(files()).containsExactly("model.safetensors");
    }

    @Test
    void anIncompleteModelLeavesNothing() throws IOException {
        for (int written = 0; written < 4; written++) {
            ShardedSafetensorsWriter writer =
                    ShardedSafetensorsWriter.create(folder, Map.of(), declarations(1, 1, 1, 1), 8);
            for (int i = 0; i < written; i++) {
                writer.write("t" + i, 0, MemorySegment.ofArray(new byte[4]));
            }

            assertThatThrownBy(writer::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("incomplete");
            assertThat(files()).isEmpty();
            writer.close();
            assertThatThrownBy(() -> writer.write("t0", 0, MemorySegment.ofArray(new byte[4])))
                    .hasMessageContaining("is closed");
        }
    }

    @Test
    void aShardThatCannotBeCreatedFailsTheModel() throws IOException {
        Files.writeString(folder.resolve("model-00002-of-00002.safetensors"), "in the way");
        ShardedSafetensorsWriter writer = ShardedSafetensorsWriter.create(folder, Map.of(), declarations(1, 1), 4);
        writer.write("t0", 0, MemorySegment.ofArray(new byte[4]));

        assertThatThrownBy(() -> writer.write("t1", 0, MemorySegment.ofArray(new byte[4])))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(writer::close).isInstanceOf(IllegalStateException.class);
        assertThat(files()).containsExactly("model-00002-of-00002.safetensors");
    }

    @Test
    void aFileMustHoldSomething() {
        assertThatThrownBy(() -> ShardedSafetensorsWriter.create(folder, Map.of(), List.of(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void write(long shardBytes, int... sizes) throws IOException {
        try (ShardedSafetensorsWriter writer =
                ShardedSafetensorsWriter.create(folder, Map.of("format", "pt"), declarations(sizes), shardBytes)) {
            for (int i = 0; i < sizes.length; i++) {
                writer.write("t" + i, Tensor.ofFloats(new float[sizes[i]], sizes[i]));
            }
        }
    }

    private static List<TensorDeclaration> declarations(int... sizes) {
        TensorDeclaration[] tensors = new TensorDeclaration[sizes.length];
        Arrays.setAll(tensors, i -> new TensorDeclaration("t" + i, StorageType.F32, Shape.of(sizes[i])));
        return List.of(tensors);
    }

    private List<String> names(String file) throws IOException {
        return SafetensorsHeader.read(folder.resolve(file)).tensors().stream()
                .map(TensorEntry::name)
                .toList();
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
