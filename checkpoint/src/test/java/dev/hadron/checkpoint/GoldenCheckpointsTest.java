package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hadron.checkpoint.safetensors.SafetensorsHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files written by Python's safetensors, which come from outside of the repository. */
class GoldenCheckpointsTest {
    private final Path golden = Path.of(System.getProperty("hadron.repository", ".."), "..", "shared", "golden");

    @BeforeEach
    void findFiles() {
        assumeThat(golden.resolve("checkpoints"))
                .as("the golden checkpoints beside the repository")
                .isDirectory();
    }

    @Test
    void everyFolderOpens() throws IOException {
        List<Path> folders = find("model.safetensors").map(Path::getParent).toList();

        assertThat(folders).hasSizeGreaterThan(40);
        for (Path folder : folders) {
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                assertThat(checkpoint.tensors()).isNotEmpty();
                for (TensorInfo tensor : checkpoint.tensors()) {
                    try (MappedTensor mapped = checkpoint.map(tensor.name())) {
                        assertThat(mapped.tensor().data().byteSize()).isEqualTo(tensor.byteSize());
                    }
                }
                assertThat(checkpoint.quantMethod().isPresent())
                        .isEqualTo(checkpoint.config().has("quantization_config"));
                assertThat(checkpoint.carriedFiles()).contains(Path.of("tokenizer.json"));
            }
        }
    }

    @Test
    void everyFileParses() throws IOException {
        for (Path file : find(".safetensors").toList()) {
            assertThat(SafetensorsHeader.read(file).tensors())
                    .as(file.toString())
                    .isNotEmpty();
        }
    }

    private Stream<Path> find(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(golden)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
        }
    }
}
