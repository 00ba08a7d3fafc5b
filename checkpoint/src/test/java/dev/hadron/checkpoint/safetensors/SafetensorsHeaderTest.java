package dev.hadron.checkpoint.safetensors;

import static dev.hadron.checkpoint.safetensors.SafetensorsBytes.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsHeaderTest {
    @TempDir
    private Path folder;

    @Test
    void tensorsComeByOffsetWhateverTheOrderOfTheHeader() throws IOException {
        SafetensorsHeader header = read(
                "{" + entry("b", "BF16", "[2,3]", 4, 16) + "," + entry("a", "F32", "[]", 0, 4)
                        + ",\"__metadata__\":{\"format\":\"pt\",\"z\":\"\"}}   ",
                16);

        assertThat(header.tensors())
                .containsExactly(
                        new TensorEntry("a", StorageType.F32, Shape.of(), header.dataStart()),
                        new TensorEntry("b", StorageType.BF16, Shape.of(2, 3), header.dataStart() + 4));
        assertThat(header.tensors().getLast().byteSize()).isEqualTo(12);
        assertThat(header.metadata()).hasToString("{format=pt, z=}");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsRead(StorageType type) throws IOException {
        int size = 3 * type.bytes();

        SafetensorsHeader header = read("{" + entry("a", type.name(), "[3]", 0, size) + "}", size);

        assertThat(header.tensors().getFirst().type()).isEqualTo(type);
    }

    @Test
    void emptyTensorsTakeNoBytesWhereverTheyAre() throws IOException {
        SafetensorsHeader header = read(
                "{" + entry("end", "F32", "[7,0]", 4, 4) + "," + entry("full", "I32", "[1]", 0, 4) + ","
                        + entry("start", "U8", "[0]", 0, 0) + "}",
                4);

        assertThat(header.tensors()).extracting(TensorEntry::name).containsExactly("start", "full", "end");
    }

    @Test
    void aFileWithoutTensorsIsRead() throws IOException {
        assertThat(read("{}", 0).tensors()).isEmpty();
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThatThrownBy(() -> SafetensorsHeader.read(folder.resolve("no"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theLengthIsHeldAgainstTheFile() throws IOException {
        refusedFile(new byte[7], "has 7 bytes, too few");
        refusedFile(SafetensorsBytes.ofLength(0, new byte[0], 0), "header of 0 bytes", "never finished");
        refusedFile(SafetensorsBytes.ofLength(100_000_001, new byte[0], 9), "100000001 bytes, more than the 100000000");
        refusedFile(SafetensorsBytes.ofLength(-1, new byte[0], 9), "18446744073709551615 bytes, more than");
        refusedFile(SafetensorsBytes.ofLength(10, new byte[0], 9), "10 bytes, but only 9 follow");
    }

    @Test
    void aPointerOfGitLfsIsNamedAsOne() throws IOException {
        byte[] pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(StandardCharsets.US_ASCII);

        refusedFile(pointer, "pointer of Git LFS", "git lfs pull");
    }

    @Test
    void malformedJsonIsRefusedWithItsPosition() throws IOException {
        refused(" {}", 0, "doesn't begin with an opening brace");
        refused("[]", 0, "doesn't begin with an opening brace");
        refused("{\"a\"", 0, "isn't valid JSON at character 4");
        refused("{", 0, "isn't valid JSON", "end-of-input");
        refused("{} {}", 0, "more than one JSON value");
        refused("{}x", 0, "isn't valid JSON at character 2");
        refused("{\"__metadata__\":".repeat(2000), 0, "must be a string, but is an object");
        refused("{" + entry("a", "F32", "[1e400]", 0, 4) + "}", 4, "finds \"1e400\"");
        refused("{" + entry("a", "F32", "[" + "9".repeat(2000) + "]", 0, 4) + "}", 4, "isn't valid JSON");
    }

    @Test
    void onlyUtf8IsRead() throws IOException {
        byte[] overlong = "{\"??\":{}}".getBytes(StandardCharsets.US_ASCII);
        overlong[2] = (byte) 0xC0;
        overlong[3] = (byte) 0xAF;
        byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);

        refusedFile(SafetensorsBytes.ofLength(overlong.length, overlong, 0), "it isn't UTF-8");
        refusedFile(SafetensorsBytes.ofLength(utf16.length, utf16, 0), "isn't valid JSON");
    }

    @Test
    void nothingStandsThereTwice() throws IOException {
        String a = entry("a", "F32", "[1]", 0, 4);

        refused("{" + a + "," + a + "}", 4, "tensor \"a\"", "stands in the header twice");
        refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "stands in the header twice");
        refused("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "metadata \"k\" twice");
        refused("{\"a\":{\"shape\":[1],\"shape\":[1]}}", 0, "field \"shape\" twice");
    }

    @Test
    void entriesOfTheWrongKindAreRefused() throws IOException {
        refused("{\"a\":1}", 0, "tensor \"a\" must be a JSON object, but is \"1\"");
        refused("{\"a\":{}}", 0, "tensor \"a\" has no field \"dtype\"");
        refused("{\"a\":{\"dtype\":\"U8\"}}", 0, "has no field \"shape\"");
        refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}", 0, "has no field \"data_offsets\"");
        refused(
                "{\"a\":{\"dtype\":\"U8\",\"strides\":[]}}",
                0,
                "field \"strides\"",
                "only dtype, shape and data_offsets");
        refused("{\"a\":{\"dtype\":null}}", 0, "dtype that must be a string, but is null");
        refused("{\"a\":{\"shape\":3}}", 0, "shape that must be a list of integers, but is \"3\"");
        refused("{\"a\":{\"data_offsets\":{}}}", 0, "must be a list of integers, but is an object");
        refused(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0]}}",
                0,
                "data_offsets [0], but begin and end");
        refused("{\"a\":{\"data_offsets\":[0,1,2]}}", 0, "more than 2 numbers in its data_offsets");
        refused("{\"__metadata__\":{\"k\":1}}", 0, "metadata \"k\", which must be a string, but is \"1\"");
        refused("{\"__metadata__\":\"k\"}", 0, "must be a JSON object");
    }

    @Test
    void anUnknownTypeIsNamedWithTheKnownOnes() throws IOException {
        refused("{" + entry("a", "F4", "[2]", 0, 1) + "}", 1, "dtype \"F4\"", "F64, F32, F16, BF16, F8_E4M3");
    }

    @Test
    void shapesAreHeldAgainstTheirBytes() throws IOException {
        refused(
                "{" + entry("a", "F32", "[2]", 0, 4) + "}",
                4,
                "4 bytes of data",
                "F32 elements of shape [2] take 2 times 4");
        refused("{" + entry("a", "F32", "[1]", 0, 5) + "}", 5, "5 bytes of data");
        refused("{" + entry("a", "U8", "[-1]", 0, 1) + "}", 1, "-1 in its shape", "nothing is below zero");
        refused("{" + entry("a", "U8", "[1.0]", 0, 1) + "}", 1, "non-negative integers, but finds \"1.0\"");
        refused("{" + entry("a", "U8", "[\"1\"]", 0, 1) + "}", 1, "but finds \"1\"");
        refused("{" + entry("a", "U8", "[9223372036854775808]", 0, 1) + "}", 1, "which doesn't fit 64 bits");
        refused(
                "{" + entry("a", "U8", "[4294967296,4294967296]", 0, 1) + "}",
                1,
                "number of elements doesn't fit 64 bits");
        // 2^61 elements of 8 bytes are 2^64 bytes, which a product of 64 bits takes for 0.
        refused("{" + entry("a", "F64", "[2305843009213693952]", 0, 0) + "}", 0, "0 bytes of data");
        refused(
                "{" + entry("a", "U8", "[" + "1,".repeat(64) + "1]", 0, 1) + "}",
                1,
                "more than 64 numbers in its shape");
    }

    @Test
    void offsetsAreHeldAgainstEachOtherAndTheFile() throws IOException {
        String a = entry("a", "U8", "[4]", 0, 4);

        refused("{" + entry("a", "U8", "[1]", 2, 1) + "}", 4, "[2, 1], which end before they begin");
        refused("{" + a + "}", 3, "ends at byte 4 of the data, of which the file has 3", "truncated");
        refused("{" + a + "}", 5, "1 bytes after its last tensor");
        refused("{}", 1, "1 bytes after its last tensor");
        refused("{" + entry("a", "U8", "[3]", 1, 4) + "}", 4, "begins at byte 1", "from 0 on belong to no tensor");
        refused("{" + a + "," + entry("b", "U8", "[1]", 5, 6) + "}", 6, "\"b\" begins at byte 5", "from 4 on");
        refused(
                "{" + a + "," + entry("b", "U8", "[2]", 3, 5) + "}",
                5,
                "\"b\" begins at byte 3",
                "inside tensor \"a\"");
        refused(
                "{" + a + "," + entry("b", "U8", "[0]", 2, 2) + "}",
                4,
                "\"b\" begins at byte 2",
                "inside tensor \"a\"");
        refused("{" + entry("a", "U8", "[1]", Long.MAX_VALUE - 1, Long.MAX_VALUE) + "}", 1, "ends at byte 92233720");
    }

    private SafetensorsHeader read(String json, int dataSize) throws IOException {
        return SafetensorsHeader.read(
                Files.write(folder.resolve("f.safetensors"), SafetensorsBytes.of(json, dataSize)));
    }

    private void refused(String json, int dataSize, String... parts) throws IOException {
        refusedFile(SafetensorsBytes.of(json, dataSize), parts);
    }

    private void refusedFile(byte[] bytes, String... parts) throws IOException {
        Path file = Files.write(folder.resolve("f.safetensors"), bytes);

        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
