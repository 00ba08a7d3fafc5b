package dev.hadron.checkpoint.torchfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are: tensors, or the exceptions that say why not; and no memory beyond a small multiple of the file. */
class TorchFileFuzzTest {
    private static final long SEED = 20_251_126;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"contiguous.pt", "strided.pt", "parameters.pt", "protocol4.pt", "refused-object.pt"})
    void mutatedPicklesAreReadOrRefused(String name) throws IOException {
        byte[] sound = pickle(TorchBytes.parts(folder, name)).getValue();
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            try {
                read += PickleReader.read("fuzz", mutated(sound, random)) instanceof PickleValue.Entries ? 1 : 0;
            } catch (CheckpointFormatException e) {
                assertThat(e).hasMessageStartingWith("fuzz, at byte ");
            }
        }

        // Some mutations change a name, a device or a shape only; most must break something.
        assertThat(read).isLessThan(2_000);
        assertThat(read > 100).isEqualTo(!name.startsWith("refused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"contiguous.pt", "strided.pt", "refused-object.pt"})
    void mutatedPicklesInASoundArchiveAreReadOrRefused(String name) throws IOException {
        Map<String, byte[]> parts = TorchBytes.parts(folder, name);
        Map.Entry<String, byte[]> pickle = pickle(parts);
        byte[] sound = pickle.getValue();
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int i = 0; i < 200; i++) {
            parts.put(pickle.getKey(), mutated(sound, random));
            read += isRead(TorchBytes.archive(parts)) ? 1 : 0;
        }

        assertThat(read).isLessThan(80);
        assertThat(read > 2).isEqualTo(!name.startsWith("refused"));
    }

    @Test
    void mutatedArchivesAreReadOrRefused() throws IOException {
        byte[] sound = TorchBytes.fixture("strided.pt");
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int i = 0; i < 500; i++) {
            read += isRead(mutated(sound, random)) ? 1 : 0;
        }

        // Half of such a small archive is padding and dates.
        assertThat(read).isBetween(30, 470);
    }

    @Test
    void anArchiveCutAnywhereIsRefused() throws IOException {
        byte[] sound = TorchBytes.fixture("rotations.bin");
        assertThat(isRead(sound)).isTrue();
        for (int length = 0; length < sound.length; length += 23) {
            assertThat(isRead(Arrays.copyOf(sound, length))).isFalse();
        }
    }

    private static Map.Entry<String, byte[]> pickle(Map<String, byte[]> parts) {
        return parts.entrySet().stream()
                .filter(part -> part.getKey().endsWith("data.pkl"))
                .findFirst()
                .orElseThrow();
    }

    private boolean isRead(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("mutated"), bytes);
        try (CountingArena arena = new CountingArena()) {
            try {
                for (Tensor tensor : TorchFile.read(file, arena).values()) {
                    assertThat(tensor.data().byteSize()).isLessThanOrEqualTo(bytes.length);
                }
                return true;
            } catch (CheckpointFormatException e) {
                assertThat(e).hasMessageStartingWith(file.toString()).hasMessageNotContaining("\n");
                assertThat(e.getMessage()).hasSizeLessThan(700);
                return false;
            } catch (IOException e) {
                return false;
            } finally {
                assertThat(arena.allocated).isLessThanOrEqualTo(2L * bytes.length);
            }
        }
    }

    private static byte[] mutated(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                default -> {
                    // A piece of the file somewhere else: opcodes and arguments in another order.
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(1 + random.nextInt(24), bytes.length - Math.max(at, from));
                    System.arraycopy(sound, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    /** Knows how much was asked of it. */
    private static final class CountingArena implements Arena {
        private final Arena memory = Arena.ofConfined();
        private long allocated;

        @Override
        public MemorySegment allocate(long byteSize, long byteAlignment) {
            allocated += byteSize;
            assertThat(allocated).isLessThan(1 << 20);
            return memory.allocate(byteSize, byteAlignment);
        }

        @Override
        public MemorySegment.Scope scope() {
            return memory.scope();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
