package dev.hadron.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hadron.error.CheckpointFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes are: a header that fits, or the exception that says it doesn't. */
class SafetensorsHeaderFuzzTest {
    private static final long SEED = 20_251_123;
    private static final String VALID = "{\"__metadata__\":{\"format\":\"pt\"},"
            + SafetensorsBytes.entry("model.embed.weight", "BF16", "[3,4]", 0, 24) + ","
            + SafetensorsBytes.entry("é\\u00e9\\n", "F32", "[]", 24, 28) + ","
            + SafetensorsBytes.entry("empty", "I64", "[0,5]", 28, 28) + "}  ";
    private static final int DATA = 28;
    private static final String[] SPLICES = {
        "9223372036854775807",
        "-1",
        "1e999",
        "null",
        "[]",
        "{}",
        "\"",
        "\\",
        "[",
        "]",
        "{",
        "}",
        ",",
        "NaN",
        "\u0000",
        "\"dtype\":\"F4\",",
        "18446744073709551616",
        "0.0",
        "true",
        "__metadata__",
        "\ud83d\ude00",
        "\\ud800",
        "//"
    };

    @TempDir
    private Path folder;

    @Test
    void mutatedHeadersAreReadOrRefused() {
        SplittableRandom random = new SplittableRandom(SEED);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++) {
            accepted += parses(mutated(random), random) ? 1 : 0;
        }

        // Some mutations change a name only; most must break something.
        assertThat(accepted).isBetween(1_000, 30_000);
    }

    @Test
    void randomBytesAreRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        Path file = folder.resolve("random.safetensors");
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            // Half of them with a length that makes the rest count.
            if (bytes.length > 8 && random.nextBoolean()) {
                Arrays.fill(bytes, 0, 8, (byte) 0);
                bytes[0] = (byte) random.nextInt(bytes.length);
                bytes[8] = '{';
            }
            Files.write(file, bytes);

            refused(file);
        }
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        byte[] whole = SafetensorsBytes.of(VALID, DATA);
        Path file = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            refused(file);
        }
    }

    @Test
    void headersAsLargeAsAllowedNeedLittleMemory() {
        byte[] deep = "[".repeat(SafetensorsHeader.LARGEST_HEADER / 4).getBytes(StandardCharsets.US_ASCII);
        byte[] start = "{\"a\":{\"dtype\":\"U8\",\"shape\":".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, deep, 0, start.length);
        byte[] longName = "{\"%s".formatted("x".repeat(deep.length)).getBytes(StandardCharsets.US_ASCII);
        byte[] manyAxes = deep.clone();
        for (int i = start.length; i < deep.length; i += 2) {
            manyAxes[i] = '1';
            manyAxes[i - 1] = ',';
        }
        manyAxes[start.length - 1] = ':';
        manyAxes[start.length] = '[';

        SplittableRandom random = new SplittableRandom(SEED);
        assertThat(parses(deep, random)).isFalse();
        assertThat(parses(longName, random)).isFalse();
        assertThat(parses(manyAxes, random)).isFalse();
    }

    private static byte[] mutated(SplittableRandom random) {
        byte[] bytes = VALID.getBytes(StandardCharsets.UTF_8);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = splice(bytes, at, at, pick(random));
                case 3 -> bytes = splice(bytes, at, Math.min(bytes.length, at + random.nextInt(12)), pick(random));
                default -> {
                    // A piece of the header once more, somewhere else: keys twice, entries within entries.
                    int from = random.nextInt(bytes.length);
                    int to = Math.min(bytes.length, from + random.nextInt(90));
                    bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
                }
            }
        }
        return bytes;
    }

    private static byte[] pick(SplittableRandom random) {
        return SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] result = new byte[from + replacement.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(bytes, to, result, from + replacement.length, bytes.length - to);
        return result;
    }

    private static boolean parses(byte[] json, SplittableRandom random) {
        long dataSize = random.nextInt(10) == 0 ? random.nextInt(64) : DATA;
        long fileSize = Long.BYTES + json.length + dataSize;
        try {
            SafetensorsHeader header = SafetensorsHeader.parse(Path.of("fuzz"), json, fileSize);
            long end = header.dataStart();
            for (TensorEntry tensor : header.tensors()) {
                assertThat(tensor.offset()).isEqualTo(end);
                end += tensor.byteSize();
            }
            assertThat(end).isEqualTo(fileSize);
            return true;
        } catch (CheckpointFormatException e) {
            assertThat(e).hasMessageStartingWith("fuzz").hasMessageNotContaining("\n");
            assertThat(e.getMessage()).hasSizeLessThan(600);
            return false;
        }
    }

    private static void refused(Path file) throws IOException {
        try {
            SafetensorsHeader.read(file);
            fail("read, although it is broken");
        } catch (CheckpointFormatException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
        }
    }
}
