package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import dev.hadron.tensor.TensorSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFilesTest {
    private static final int ROWS = 5;
    private static final int COLUMNS = 7;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeCheckpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        file = folder.resolve("model.safetensors");
        List<TensorDeclaration> declared = List.of(
                new TensorDeclaration("first", StorageType.I32, Shape.of(3)),
                new TensorDeclaration("matrix", StorageType.I32, Shape.of(ROWS, COLUMNS)),
                new TensorDeclaration("empty", StorageType.I32, Shape.of(0, 4)));
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), declared)) {
            writer.write("first", Tensor.ofInts(new int[] {-1, -2, -3}, 3));
            writer.write(
                    "matrix", Tensor.ofInts(IntStream.range(0, ROWS * COLUMNS).toArray(), ROWS, COLUMNS));
        }
    }

    @Test
    void everySliceIsThatPartOfTheTensor() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                TensorFiles files = new TensorFiles();
                ReusableArena arena = new ReusableArena()) {
            TensorInfo matrix = checkpoint.require("matrix");
            for (int axis = 0; axis < 2; axis++) {
                long extent = matrix.shape().extent(axis);
                for (long from = 0; from <= extent; from++) {
                    for (long to = from; to <= extent; to++) {
                        TensorSlice slice = new TensorSlice(matrix.shape(), axis, from, to);
                        Tensor part = files.read(matrix, slice, arena);
                        assertThat(part.shape()).isEqualTo(slice.shape());
                        assertThat(part.toInts()).isEqualTo(expected(slice));
                        arena.reset();
                    }
                }
            }
        }
    }

    @Test
    void bytesAreThoseOfTheTensor() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                TensorFiles files = new TensorFiles()) {
            files.read(
                    checkpoint.require("matrix"),
                    8,
                    4,
                    bytes -> assertThat(bytes.get(Tensor.INT, 0)).isEqualTo(2));
            files.read(
                    checkpoint.require("empty"),
                    0,
                    0,
                    bytes -> assertThat(bytes.byteSize()).isZero());
        }
    }

    @Test
    void aFileThatShrankMeanwhileIsNamed() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                TensorFiles files = new TensorFiles();
                ReusableArena arena = new ReusableArena()) {
            TensorInfo matrix = checkpoint.require("matrix");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 1);
            }
            for (int axis = 0; axis < 2; axis++) {
                TensorSlice slice = new TensorSlice(matrix.shape(), axis, 1, 5);
                assertThatThrownBy(() -> files.read(matrix, slice, arena))
                        .isInstanceOf(CheckpointFormatException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("matrix");
            }
        }
    }

    private static int[] expected(TensorSlice slice) {
        return IntStream.range(0, ROWS * COLUMNS)
                .filter(i -> {
                    int index = slice.axis() == 0 ? i / COLUMNS : i % COLUMNS;
                    return index >= slice.from() && index < slice.to();
                })
                .toArray();
    }
}
