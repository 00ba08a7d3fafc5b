package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hadron.checkpoint.safetensors.SafetensorsBytes;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MappedTensorTest {
    /** More than a page, so that slices begin in the middle of one and on another than the file. */
    private static final int ROWS = 1500;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        file = folder.resolve("model.safetensors");
        var declarations = List.of(
                new TensorDeclaration("odd", StorageType.U8, Shape.of(3)),
                new TensorDeclaration("rows", StorageType.I32, Shape.of(ROWS, 2, 1)),
                new TensorDeclaration("scalar", StorageType.I32, Shape.of()),
                new TensorDeclaration("empty", StorageType.I32, Shape.of(0, 4)),
                new TensorDeclaration("thin", StorageType.I32, Shape.of(4, 0)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), declarations)) {
            writer.write("odd", 0, Tensor.ofInts(new int[] {0x030201}, 1).data().asSlice(0, 3));
            writer.write("rows", Tensor.ofInts(IntStream.range(0, 2 * ROWS).toArray(), ROWS, 2, 1));
            writer.write("scalar", Tensor.ofInts(new int[] {-1}));
            writer.write("empty", Tensor.ofInts(new int[0], 0, 4));
            writer.write("thin", Tensor.ofInts(new int[0], 4, 0));
        }
    }

    @Test
    void aWholeTensorIsMapped() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                MappedTensor odd = checkpoint.map("odd");
                MappedTensor rows = checkpoint.map("rows");
                MappedTensor scalar = checkpoint.map("scalar");
                MappedTensor empty = checkpoint.map("empty")) {
            assertThat(odd.tensor().data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
            assertThat(rows.tensor().shape()).isEqualTo(Shape.of(ROWS, 2, 1));
            for (int i = 0; i < 2 * ROWS; i++) {
                assertThat(rows.tensor().intAt(i)).isEqualTo(i);
            }
            assertThat(scalar.tensor().intAt(0)).isEqualTo(-1);
            assertThat(empty.tensor().elements()).isZero();
        }
    }

    @Test
    void rowsAreSlicesOfTheFirstAxis() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                MappedTensor rows = checkpoint.mapRows("rows", 1100, 3);
                MappedTensor none = checkpoint.mapRows("rows", ROWS, 0);
                MappedTensor empty = checkpoint.mapRows("empty", 0, 0);
                MappedTensor thin = checkpoint.mapRows("thin", 1, 2)) {
            assertThat(rows.tensor().shape()).isEqualTo(Shape.of(3, 2, 1));
            assertThat(rows.tensor().data().toArray(Tensor.INT)).containsExactly(2200, 2201, 2202, 2203, 2204, 2205);
            assertThat(none.tensor().shape()).isEqualTo(Shape.of(0, 2, 1));
            assertThat(empty.tensor().shape()).isEqualTo(Shape.of(0, 4));
            assertThat(thin.tensor().shape()).isEqualTo(Shape.of(2, 0));
        }
    }

    @Test
    void rowsThatThereAreNotAreRefused() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(() -> checkpoint.mapRows("rows", ROWS - 1, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> checkpoint.mapRows("rows", -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> checkpoint.mapRows("scalar", 0, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void afterCloseNothingIsReadable() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            MappedTensor mapped = checkpoint.map("rows");
            Tensor tensor = mapped.tensor();
            mapped.close();
            mapped.close();

            assertThatThrownBy(() -> tensor.intAt(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void elementsCannotBeChanged() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                MappedTensor mapped = checkpoint.map("rows")) {
            assertThat(mapped.tensor().data().isReadOnly()).isTrue();
        }
    }

    @Test
    void aFileThatBecameShorterIsRefusedBeforeItIsRead() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            long cut = checkpoint.require("scalar").offset();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(cut);
            }

            assertThatThrownBy(() -> checkpoint.map("scalar"))
                    .isInstanceOf(CheckpointFormatException.class)
                    .hasMessageContaining("something changes it meanwhile");
            checkpoint.map("rows").close();
        }
    }

    @Test
    @Timeout(20)
    void aCheckpointOf100GigabytesOpensAtOnce() throws IOException {
        long half = 50_000_000_000L;
        Path sparse = folder.resolve("model.safetensors");
        byte[] start = SafetensorsBytes.of(
                "{" + SafetensorsBytes.entry("a", "U8", "[%d]".formatted(half), 0, half) + ","
                        + SafetensorsBytes.entry("b", "U8", "[%d]".formatted(half), half, 2 * half) + "}",
                0);
        Files.write(sparse, start);
        try (RandomAccessFile bytes = new RandomAccessFile(sparse.toFile(), "rw")) {
            bytes.setLength(start.length + 2 * half);
            bytes.seek(start.length + 2 * half - 1);
            bytes.write(7);
        } catch (IOException e) {
            assumeThat(false)
                    .as("a file system with sparse files of 100 GB: " + e)
                    .isTrue();
        }
        long before = System.nanoTime();

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                MappedTensor whole = checkpoint.map("b");
                MappedTensor last = checkpoint.mapRows("b", half - 1, 1)) {
            assertThat(checkpoint.byteSize()).isEqualTo(2 * half);
            assertThat(whole.tensor().data().get(ValueLayout.JAVA_BYTE, half - 1))
                    .isEqualTo((byte) 7);
            assertThat(last.tensor().data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
}
