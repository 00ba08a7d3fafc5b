package dev.hadron.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final TensorDeclaration A = new TensorDeclaration("a", StorageType.F32, Shape.of(2));
    private static final TensorDeclaration B = new TensorDeclaration("b", StorageType.I32, Shape.of());
    private static final Tensor A_DATA = Tensor.ofFloats(new float[] {1.5f, -2f}, 2);
    private static final Tensor B_DATA = Tensor.ofInts(new int[] {7});

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void theFileIsLengthHeaderAndData() throws IOException {
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of("format", "pt"), List.of(A, B))) {
            writer.write("a", A_DATA);
            writer.write("b", B_DATA);
        }

        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
                + "\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[8,12]}}";
        byte[] expected = SafetensorsBytes.of(header + " ".repeat(7 - (header.length() + 7) % 8), 12);
        int data = expected.length - 12;
        expected[data + 2] = (byte) 0xC0;
        expected[data + 3] = 0x3F;
        expected[data + 7] = (byte) 0xC0;
        expected[data + 8] = 7;
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
        assertThat(data % 8).isZero();
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 200; i++) {
            List<TensorDeclaration> tensors = declarations(random);
            Map<String, String> metadata = random.nextBoolean() ? Map.of() : Map.of("k\n\"é", "v\u0001😀");
            List<byte[]> contents = new ArrayList<>();
            try (SafetensorsWriter writer = SafetensorsWriter.create(file, metadata, tensors)) {
                for (TensorDeclaration tensor : tensors) {
                    byte[] content = new byte[Math.toIntExact(tensor.byteSize())];
                    random.nextBytes(content);
                    contents.add(content);
                    write(writer, tensor, content, random);
                }
                assertThat(writer.isComplete()).isTrue();
            }

            SafetensorsHeader header = SafetensorsHeader.read(file);
            byte[] bytes = Files.readAllBytes(file);
            assertThat(header.metadata()).isEqualTo(metadata);
            assertThat(header.dataStart() % 8).isZero();
            assertThat(header.tensors()).map(SafetensorsWriterTest::declaration).isEqualTo(tensors);
            for (int t = 0; t < contents.size(); t++) {
                int offset = (int) header.tensors().get(t).offset();
                assertThat(Arrays.copyOfRange(bytes, offset, offset + contents.get(t).length))
                        .isEqualTo(contents.get(t));
            }
            Files.delete(file);
        }
    }

    @Test
    void memoryOutsideTheHeapIsWrittenToo() throws IOException {
        TensorDeclaration large = new TensorDeclaration("large", StorageType.U8, Shape.of(3_000_001));
        try (Arena arena = Arena.ofConfined();
                SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(large))) {
            Tensor tensor = Tensor.allocate(arena, large.type(), large.shape());
            tensor.data().fill((byte) 42);
            writer.write("large", tensor);
        }

        byte[] bytes = Files.readAllBytes(file);
        int start = (int) SafetensorsHeader.read(file).dataStart();
        assertThat(bytes).hasSize(start + 3_000_001);
        for (int i = start; i < bytes.length; i++) {
            assertThat(bytes[i]).isEqualTo((byte) 42);
        }
    }

    @Test
    void whatWasNotDeclaredIsRefused() throws IOException {
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, B))) {
            assertThatThrownBy(() -> writer.write("c", B_DATA)).hasMessageContaining("c is written, but not declared");
            assertThatThrownBy(() -> writer.write("a", B_DATA))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("declared as F32 [2], but I32 [] is written");
            assertThatThrownBy(() -> writer.write("a", 1, MemorySegment.ofArray(new byte[8])))
                    .hasMessageContaining("bytes 1 to 9 of tensor a are written, but it has 8");
            writer.write("b", B_DATA);
            writer.write("a", 5, A_DATA.data().asSlice(5));
            assertThatThrownBy(() -> writer.write("a", A_DATA)).hasMessageContaining("to be written once");
            assertThatThrownBy(() -> writer.write("b", B_DATA)).hasMessageContaining("to be written once");
            writer.write("a", 0, A_DATA.data().asSlice(0, 5));
        }

        assertThat(SafetensorsHeader.read(file).tensors()).hasSize(2);
    }

    @Test
    void manyThreadsWriteTheSameFileAsOne() throws IOException {
        byte[] content = new byte[100_003];
        new SplittableRandom(7).nextBytes(content);
        TensorDeclaration tensor = new TensorDeclaration("t", StorageType.U8, Shape.of(content.length));
        int piece = 1_001;
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, tensor))) {
            writer.write("a", A_DATA);
            IntStream.range(0, Math.ceilDiv(content.length, piece)).parallel().forEach(i -> {
                int from = i * piece;
                int length = Math.min(piece, content.length - from);
                try {
                    writer.write("t", from, MemorySegment.ofArray(content).asSlice(from, length));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        TensorEntry read = SafetensorsHeader.read(file).tensors().get(1);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(Arrays.copyOfRange(bytes, (int) read.offset(), bytes.length)).isEqualTo(content);
    }

    @Test
    void namesThatCannotBeDeclaredAreRefused() {
        assertThatThrownBy(() -> SafetensorsWriter.create(file, Map.of(), List.of(A, A)))
                .hasMessageContaining("a is declared twice");
        assertThatThrownBy(() -> new TensorDeclaration("__metadata__", StorageType.F32, Shape.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TensorDeclaration("huge", StorageType.F32, Shape.of(1L << 62)))
                .isInstanceOf(ArithmeticException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void anIncompleteFileIsDeletedByClose() throws IOException {
        SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, B));
        writer.write("a", A_DATA);

        assertThatThrownBy(writer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("of 2 tensors 1 aren't written; the first is b from byte 0 on");
        assertThat(file).doesNotExist();
        writer.close();
        assertThatThrownBy(() -> writer.write("b", B_DATA)).hasMessageContaining("is closed");
    }

    @Test
    @SuppressWarnings("resource")
    void whatAKilledProcessLeavesIsRefused() throws IOException {
        SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A, B));
        writer.write("a", A_DATA);
        writer.write("b", B_DATA);

        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageContaining("never finished");
        writer.close();
        assertThat(SafetensorsHeader.read(file).tensors()).hasSize(2);
    }

    @Test
    void afterAFailureNothingMoreIsWritten() throws IOException {
        SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A));
        MemorySegment freed;
        try (Arena arena = Arena.ofConfined()) {
            freed = arena.allocate(8);
        }

        assertThatThrownBy(() -> writer.write("a", 0, freed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.write("a", A_DATA))
                .hasMessageContaining("can't be written any more: it failed");
        writer.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void anInterruptLeavesNoFile() throws IOException {
        SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), List.of(A));

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> writer.write("a", A_DATA)).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> writer.write("a", A_DATA))
                .as("what other threads hear")
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(ClosedByInterruptException.class);
        writer.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void aFullDiskIsAnIoExceptionThatNamesTheFile() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("a device that is always full").exists();
        FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE);

        assertThatThrownBy(() -> SafetensorsWriter.start(file, channel, List.of(A), new byte[] {'{', '}'}))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anExistingFileIsLeftAlone() throws IOException {
        Files.writeString(file, "mine");

        assertThatThrownBy(() -> SafetensorsWriter.create(file, Map.of(), List.of(A)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("mine");
    }

    private static List<TensorDeclaration> declarations(SplittableRandom random) {
        List<TensorDeclaration> tensors = new ArrayList<>();
        StorageType[] types = StorageType.values();
        for (int n = random.nextInt(6); n > 0; n--) {
            long[] extents = random.longs(random.nextInt(4), 0, 6).toArray();
            StorageType type = types[random.nextInt(types.length)];
            tensors.add(new TensorDeclaration("tensor \"é\\" + n, type, Shape.of(extents)));
        }
        return tensors;
    }

    private static void write(
            SafetensorsWriter writer, TensorDeclaration tensor, byte[] content, SplittableRandom random)
            throws IOException {
        MemorySegment data = MemorySegment.ofArray(content);
        if (content.length < 2 || random.nextBoolean()) {
            writer.write(tensor.name(), new Tensor(tensor.type(), tensor.shape(), data));
        } else {
            int middle = random.nextInt(content.length);
            writer.write(tensor.name(), middle, data.asSlice(middle));
            writer.write(tensor.name(), 0, data.asSlice(0, middle));
        }
    }

    private static TensorDeclaration declaration(TensorEntry entry) {
        return new TensorDeclaration(entry.name(), entry.type(), entry.shape());
    }
}
