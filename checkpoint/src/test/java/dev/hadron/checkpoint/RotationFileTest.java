package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.safetensors.SafetensorsBytes;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.MatrixRotation;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationFileTest {
    private static final Parallel PARALLEL = Parallel.sequential();
    private static final String R2 = "model.layers.0.self_attn.R2";

    @TempDir
    private Path folder;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    /** Their matrices are the identity with its rows moved on by one. */
    @ParameterizedTest
    @ValueSource(strings = {"rotations.bin", "rotations.safetensors"})
    void bothFormatsGiveTheSameRotations(String name) throws IOException {
        RotationFile rotations = RotationFile.read(fixture(name), arena);

        assertThat(rotations.r2()).containsOnlyKeys(0, 1);
        assertThat(rotated(rotations.r1(PARALLEL), 1, 2, 3, 4, 5, 6, 7, 8)).containsExactly(2, 3, 4, 5, 6, 7, 8, 1);
        assertThat(rotated(rotations.r2(1, PARALLEL), 1, 2, 3, 4)).containsExactly(2, 3, 4, 1);
    }

    @Test
    void namesOfWeightsAreThoseOfTheirModules() throws IOException {
        RotationFile rotations = RotationFile.read(file("R1.weight", "model.layers.31.self_attn.R2.weight"), arena);

        assertThat(rotations.r1().shape().toArray()).containsExactly(2);
        assertThat(rotations.r2()).containsOnlyKeys(31);
    }

    @Test
    void aLayerWithoutRotationIsNamed() throws IOException {
        Path file = fixture("rotations.bin");
        RotationFile rotations = RotationFile.read(file, arena);

        assertThatThrownBy(() -> rotations.r2(2, PARALLEL))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(
                        file + " holds no rotation named model.layers.2.self_attn.R2, but one for 2 other layers");
    }

    @Test
    void aMatrixThatIsNoRotationIsNamedWithItsFile() throws IOException {
        Path file = file("R1", R2);
        RotationFile rotations = RotationFile.read(file, arena);

        assertThatThrownBy(() -> rotations.r1(PARALLEL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("R1 in " + file + " has the shape [2]");
        assertThatThrownBy(() -> rotations.r2(0, PARALLEL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(R2 + " in " + file + " has the shape [2]");
    }

    @Test
    void otherNamesAreRefused() throws IOException {
        refused(file("R1", "R4"), "holds \"R4\", but optimized rotations are named R1 and model.layers.N.self_attn.R2");
        refused(file("R1", "model.layers.1234567.self_attn.R2"), "holds \"model.layers.1234567.self_attn.R2\"");
        refused(file(R2), "holds no rotation named R1");
        refused(file("R1", "R1.weight"), "holds the rotation \"R1.weight\" twice");
        refused(file("R1", R2, R2 + ".weight"), "holds the rotation \"" + R2 + ".weight\" twice");
        refused(file("R1", R2, "model.layers.00.self_attn.R2"), "twice");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> RotationFile.read(folder.resolve("R.bin"), arena))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("R.bin doesn't exist");
        assertThatThrownBy(() -> RotationFile.read(folder, arena))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(folder + " isn't a file");
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> RotationFile.read(file, arena))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    private Path file(String... names) throws IOException {
        return SafetensorsBytes.write(folder.resolve("R.safetensors"), names);
    }

    private Path fixture(String name) throws IOException {
        try (InputStream in = RotationFileTest.class.getResourceAsStream("/torchfile/" + name)) {
            return Files.write(folder.resolve(name), Objects.requireNonNull(in).readAllBytes());
        }
    }

    private static float[] rotated(Rotation rotation, float... row) {
        Tensor x = Tensor.ofFloats(row, row.length);
        MatrixRotation.rows(x, rotation, PARALLEL);
        return x.toFloats();
    }
}
