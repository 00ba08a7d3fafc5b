package dev.hadron.checkpoint.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.numerics.Kernels;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
    @TempDir
    private Path folder;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    @ParameterizedTest
    @ValueSource(strings = {"contiguous.pt", "protocol4.pt"})
    void tensorsOfAllFloatTypesAreRead(String name) throws IOException {
        Map<String, Tensor> tensors = TorchFile.read(TorchBytes.copy(folder, name), arena);

        assertThat(tensors.keySet()).containsExactly("float32", "float64", "float16", "bfloat16", "scalar", "empty");
        counts(tensors, "float32", StorageType.F32, 3, 4);
        counts(tensors, "float64", StorageType.F64, 2, 3);
        counts(tensors, "float16", StorageType.F16, 2, 2);
        counts(tensors, "bfloat16", StorageType.BF16, 5);
        counts(tensors, "scalar", StorageType.F32);
        counts(tensors, "empty", StorageType.F32, 0, 3);
    }

    @Test
    void elementsComeInTheOrderOfTheirIndicesWhateverTheStrides() throws IOException {
        Map<String, Tensor> tensors = TorchFile.read(TorchBytes.copy(folder, "strided.pt"), arena);

        assertThat(tensors).hasSize(8);
        counts(tensors, "transposed", StorageType.F32, 3, 4);
        counts(tensors, "transposed.bfloat16", StorageType.BF16, 2, 5);
        counts(tensors, "transposed.float64", StorageType.F64, 4, 2, 3);
        counts(tensors, "whole", StorageType.F32, 4, 6);
        assertThat(values(tensors, "rows"))
                .containsExactly(6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5, 16.5, 17.5);
        assertThat(values(tensors, "columns")).containsExactly(2.5, 4.5, 8.5, 10.5, 14.5, 16.5, 20.5, 22.5);
        assertThat(tensors.get("columns.again")).isEqualTo(tensors.get("columns"));
        assertThat(values(tensors, "first")).containsExactly(0.5);
    }

    @Test
    void parametersAndTheMetadataOfAStateDictAreTensors() throws IOException {
        Map<String, Tensor> tensors = TorchFile.read(TorchBytes.copy(folder, "parameters.pt"), arena);

        assertThat(tensors.keySet()).containsExactly("R1", "child.weight", "child.bias", "parameter");
        counts(tensors, "R1", StorageType.F32, 2, 2);
        counts(tensors, "child.weight", StorageType.F32, 2, 3);
        counts(tensors, "child.bias", StorageType.F32, 2);
        counts(tensors, "parameter", StorageType.F32, 2, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refused-legacy.pt | is in the format of PyTorch before 1.6",
                "refused-integers.pt | names \"torch.LongStorage\", which a dictionary of float tensors doesn't need",
                "refused-list.pt | has the opcode EMPTY_LIST",
                "refused-nested.pt | holds something else than a tensor under \"a\"",
                "refused-object.pt | names \"posix.system\", which a dictionary of float tensors doesn't need; it wasn't run",
                "refused-expanded.pt | has a tensor of shape [1000] with strides [0] from element 0 on"
            })
    void otherContentIsRefusedByName(String name, String message) throws IOException {
        Path file = TorchBytes.copy(folder, name);

        refused(file, message);
    }

    @Test
    void aFileThatIsNoArchiveIsRefused() throws IOException {
        refused(Files.write(folder.resolve("empty"), new byte[0]), "isn't a zip archive as torch.save writes it");
        refused(Files.writeString(folder.resolve("text"), "PK, and nothing else"), "isn't a zip archive as torch.save");
        refused(
                Files.write(folder.resolve("cut"), Arrays.copyOf(TorchBytes.fixture("contiguous.pt"), 2000)),
                "isn't a whole zip archive");
    }

    @Test
    void bigEndianNumbersAreRefused() throws IOException {
        changed("byteorder", "big".getBytes(StandardCharsets.US_ASCII), "has the byte order \"big\"");
    }

    @Test
    void aStorageOfAnotherSizeIsRefused() throws IOException {
        changed("data/0", new byte[47], "has 47 bytes in \"contiguous/data/0\", but its tensors need 48");
        changed("data/0", new byte[49], "has 49 bytes in \"contiguous/data/0\", but its tensors need 48");
    }

    @Test
    void aPickleTooLargeForTensorsIsRefused() throws IOException {
        changed("data.pkl", new byte[(1 << 20) + 1], "has a data.pkl of 1048577 bytes, but at most 1048576 are read");
    }

    @Test
    void aMissingFileOfTheArchiveIsNamed() throws IOException {
        Map<String, byte[]> parts = TorchBytes.parts(folder, "contiguous.pt");
        parts.remove("contiguous/data/2");
        refused(Files.write(folder.resolve("no-storage"), TorchBytes.archive(parts)), "has no \"contiguous/data/2\"");

        parts.remove("contiguous/data.pkl");
        refused(Files.write(folder.resolve("no-pickle"), TorchBytes.archive(parts)), "has 0 files named data.pkl");
    }

    @Test
    void numbersThatDoNotFitTheirChecksumAreRefused() throws IOException {
        byte[] archive = TorchBytes.fixture("contiguous.pt");
        byte[] numbers =
                Objects.requireNonNull(TorchBytes.parts(folder, "contiguous.pt").get("contiguous/data/0"));
        int at = new String(archive, StandardCharsets.ISO_8859_1)
                .indexOf(new String(numbers, StandardCharsets.ISO_8859_1));
        archive[at] ^= 1;

        refused(Files.write(folder.resolve("damaged"), archive), "\"contiguous/data/0\" that doesn't fit its checksum");
    }

    @Test
    void compressedFilesAreRefusedWhateverTheyWouldBecome() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("a/data.pkl"));
            zip.write(new byte[1_000_000]);
        }

        refused(Files.write(folder.resolve("bomb"), bytes.toByteArray()), "has a compressed \"a/data.pkl\"");
    }

    @Test
    void filesOfTorchAreToldFromOthers() throws IOException {
        assertThat(TorchFile.isTorch(TorchBytes.copy(folder, "contiguous.pt"))).isTrue();
        assertThat(TorchFile.isTorch(TorchBytes.copy(folder, "refused-legacy.pt")))
                .isTrue();
        assertThat(TorchFile.isTorch(TorchBytes.copy(folder, "rotations.safetensors")))
                .isFalse();
        assertThat(TorchFile.isTorch(Files.write(folder.resolve("empty"), new byte[0])))
                .isFalse();
    }

    private void changed(String part, byte[] bytes, String message) throws IOException {
        Map<String, byte[]> parts = TorchBytes.parts(folder, "contiguous.pt");
        assertThat(parts.put("contiguous/" + part, bytes)).isNotNull();

        refused(Files.write(folder.resolve("changed"), TorchBytes.archive(parts)), message);
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> TorchFile.read(file, arena))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    private static void counts(Map<String, Tensor> tensors, String name, StorageType type, long... extents) {
        Tensor tensor = Objects.requireNonNull(tensors.get(name));
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).isEqualTo(Shape.of(extents));
        double[] values = values(tensors, name);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(i + 0.5);
        }
    }

    private static double[] values(Map<String, Tensor> tensors, String name) {
        Tensor tensor = Objects.requireNonNull(tensors.get(name));
        int count = Math.toIntExact(tensor.elements());
        double[] values = new double[count];
        if (tensor.type() == StorageType.F64) {
            MemorySegment.copy(tensor.data(), ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values, 0, count);
            return values;
        }
        float[] floats = new float[count];
        Kernels.best().widen(tensor.data(), tensor.type(), 0, MemorySegment.ofArray(floats), 0, count);
        for (int i = 0; i < count; i++) {
            values[i] = floats[i];
        }
        return values;
    }
}
