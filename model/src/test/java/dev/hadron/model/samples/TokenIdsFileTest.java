package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenIdsFileTest {
    private static final Shape TWO_ROWS = Shape.of(2, 4);

    @TempDir
    private Path folder;

    /** A tensor's elements. */
    private static final class Content {
        private final TensorDeclaration declaration;
        private final long[] values;

        Content(String name, StorageType type, Shape shape, long... values) {
            this.declaration = new TensorDeclaration(name, type, shape);
            this.values = values;
        }
    }

    @Test
    void eachRowIsASample() throws IOException {
        Path file = write(ids(StorageType.I64, 1, 2, 3, 4, 5, 6, 7, 8));

        assertThat(Reading.tokens(Reading.read(file, Reading.first(9, 9))))
                .containsExactly(List.of(1L, 2L, 3L, 4L), List.of(5L, 6L, 7L, 8L));
        assertThat(Reading.tokens(Reading.read(file, Reading.first(1, 2)))).containsExactly(List.of(1L, 2L));
        assertThat(Reading.tokens(
                        Reading.read(write(ids(StorageType.I32, 1, 2, 3, 4, 5, 6, 7, 8)), Reading.first(9, 9))))
                .containsExactly(List.of(1L, 2L, 3L, 4L), List.of(5L, 6L, 7L, 8L));
    }

    @ParameterizedTest
    @EnumSource(
            value = StorageType.class,
            names = {"I64", "I32", "I8", "U8", "BOOL"})
    void paddingIsRemovedFromEitherSide(StorageType maskType) throws IOException {
        Path file = write(
                new Content("attention_mask", maskType, TWO_ROWS, 0, 0, 1, 1, 1, 1, 1, 0),
                ids(StorageType.I64, -1, 99999, 3, 4, 5, 6, 7, 0));

        assertThat(Reading.tokens(Reading.read(file, Reading.first(9, 9))))
                .containsExactly(List.of(3L, 4L), List.of(5L, 6L, 7L));
    }

    @Test
    void aDrawTakesRowsFromTheWholeFile() throws IOException {
        Path file = write(new Content(
                "input_ids",
                StorageType.I32,
                Shape.of(1000, 1),
                LongStream.range(0, 1000).toArray()));

        List<List<Long>> drawn = Reading.tokens(Reading.read(file, Reading.drawn(10, 4, 3)));

        assertThat(drawn).hasSize(10).doesNotHaveDuplicates();
        assertThat(drawn.getLast().getFirst()).isGreaterThan(500);
        assertThat(Reading.tokens(Reading.read(file, Reading.drawn(10, 4, 3)))).isEqualTo(drawn);
    }

    @Test
    void whatCantBeMeantIsRefused() throws IOException {
        assertThat(refusal(new Content("tokens", StorageType.I64, TWO_ROWS, new long[8])))
                .contains("ids.safetensors has no tensor \"input_ids\" of [samples, length], but \"tokens\"");
        assertThat(refusal(ids(StorageType.F32, new long[8]))).contains("input_ids is of F32, but one of I64, I32");
        assertThat(refusal(new Content("input_ids", StorageType.I64, Shape.of(8), new long[8])))
                .contains("input_ids has the shape [8], but [samples, length] is expected");
        assertThat(refusal(new Content("input_ids", StorageType.I64, Shape.of(0, 8))))
                .contains("is empty");
        assertThat(refusal(
                        new Content("attention_mask", StorageType.I64, Shape.of(4, 2), new long[8]),
                        ids(StorageType.I64, new long[8])))
                .contains("attention_mask has the shape [4, 2], but input_ids has [2, 4]");
        assertThat(refusal(
                        new Content("attention_mask", StorageType.I64, TWO_ROWS, 1, 1, 1, 1, 1, 0, 1, 1),
                        ids(StorageType.I64, new long[8])))
                .contains("row 1: attention_mask has a hole: it is 0 at index 1 and 1 again at index 2");
        assertThat(refusal(ids(StorageType.I64, 1, 2, 3, 4, 5, 6, 2048, 8)))
                .contains("row 1: input_ids[2] is 2048, but the model's vocab_size is 2048");
        assertThat(refusal(ids(StorageType.I32, 1, 2, 3, 4, 5, 6, -1, 8))).contains("row 1: input_ids[2] is -1");
        assertThat(refusal(
                        new Content("attention_mask", StorageType.I64, TWO_ROWS, new long[8]),
                        ids(StorageType.I64, new long[8])))
                .contains("has no token in its 2 samples");
    }

    @Test
    void aFileThatIsntSafetensorsIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("ids.safetensors"), "{\"input_ids\": [1]}");

        assertThat(Reading.refusal(file, folder)).contains(file.toString(), "isn't a safetensors file");
    }

    private String refusal(Content... contents) throws IOException {
        return Reading.refusal(write(contents), folder);
    }

    private static Content ids(StorageType type, long... values) {
        return new Content("input_ids", type, TWO_ROWS, values);
    }

    private Path write(Content... contents) throws IOException {
        Path file = folder.resolve("ids.safetensors");
        Files.deleteIfExists(file);
        List<TensorDeclaration> declared = new ArrayList<>();
        Arrays.stream(contents).forEach(content -> declared.add(content.declaration));
        try (Arena arena = Arena.ofConfined();
                SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of(), declared)) {
            for (Content content : contents) {
                TensorDeclaration declaration = content.declaration;
                Tensor tensor = Tensor.allocate(arena, declaration.type(), declaration.shape());
                for (int i = 0; i < content.values.length; i++) {
                    int width = declaration.type().bytes();
                    for (int b = 0; b < width; b++) {
                        tensor.data().set(ValueLayout.JAVA_BYTE, (long) i * width + b, (byte)
                                (content.values[i] >> (8 * b)));
                    }
                }
                writer.write(declaration.name(), tensor);
            }
        }
        return file;
    }
}
