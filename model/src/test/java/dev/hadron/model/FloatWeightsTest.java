package dev.hadron.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors in float32, whatever they are stored as. */
class FloatWeightsTest {
    /** More than is mapped at once, and no multiple of it. */
    private static final Shape TALL = Shape.of(3_000, 4_001);

    @TempDir
    private Path folder;

    @Test
    void aTensorThatIsMappedInPartsHasAllItsElements() throws IOException {
        try (Checkpoint checkpoint = tall();
                Arena arena = Arena.ofConfined()) {
            FloatWeights weights = new FloatWeights(checkpoint);
            Tensor target = Tensor.allocate(arena, StorageType.F32, TALL);

            weights.loadInto("table", target);

            for (long i = 0; i < TALL.elements(); i++) {
                if (target.floatAt(i) != element(i)) {
                    assertThat(target.floatAt(i)).as("element %d", i).isEqualTo(element(i));
                }
            }
            assertThat(weights.load("table", arena).data().mismatch(target.data()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void anotherShapeThanTheConfigurationSaysIsRefused() throws IOException {
        try (Checkpoint checkpoint = tall();
                Arena arena = Arena.ofConfined()) {
            Tensor target = Tensor.allocate(arena, StorageType.F32, Shape.of(4_001, 3));

            assertThatThrownBy(() -> new FloatWeights(checkpoint).loadInto("table", target))
                    .isInstanceOf(CheckpointFormatException.class)
                    .hasMessage("the tensor table has shape [3000, 4001], but config.json describes a model in which it"
                            + " has [4001, 3]");
        }
    }

    private Checkpoint tall() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        try (Arena arena = Arena.ofConfined();
                SafetensorsWriter writer = SafetensorsWriter.create(
                        folder.resolve("model.safetensors"),
                        Map.of(),
                        List.of(new TensorDeclaration("table", StorageType.BF16, TALL)))) {
            Tensor stored = Tensor.allocate(arena, StorageType.BF16, TALL);
            for (long i = 0; i < TALL.elements(); i++) {
                short bits = (short) (Float.floatToRawIntBits(element(i)) >> 16);
                stored.data().set(ValueLayout.JAVA_SHORT, i * Short.BYTES, bits);
            }
            writer.write("table", stored);
        }
        return Checkpoint.open(folder);
    }

    /** Numbers that bfloat16 holds, in a period that no part is a multiple of. */
    private static float element(long i) {
        return i % 251 - 125;
    }
}
