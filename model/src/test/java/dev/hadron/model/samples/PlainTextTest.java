package dev.hadron.model.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.model.tokenizer.TokenWindows;
import dev.hadron.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTextTest {
    @TempDir
    private Path folder;

    private final Path example = Reading.model().resolve("../text/calibration.txt");

    @Test
    void windowsFollowEachOtherAsInTheWholeText() throws IOException {
        Samples samples = Reading.read(example, Reading.first(50, 100));

        assertThat(samples.windows()).hasSize(50);
        assertThat(Reading.tokens(samples)).isEqualTo(Reading.tokens(whole(Files.readString(example), 100, 50)));
    }

    @Test
    void aLargeTextIsTokenizedInPiecesWithTheSameTokens() throws IOException {
        String text = IntStream.range(0, 11).mapToObj(i -> read()).collect(Collectors.joining("\n"));
        assertThat(text.length()).isGreaterThan(2 << 20);
        Path file = Files.writeString(folder.resolve("large.txt"), text);

        Samples all = Reading.read(file, Reading.first(Integer.MAX_VALUE, 512));

        assertThat(Reading.tokens(all)).isEqualTo(Reading.tokens(whole(text, 512, Integer.MAX_VALUE)));
    }

    @Test
    void noMoreIsReadThanIsUsed() throws IOException {
        byte[] text = (read().repeat(6) + "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(text.length).isGreaterThan(1_200_000);
        Path file = Files.write(folder.resolve("latin.txt"), text);

        assertThat(Reading.read(file, Reading.first(8, 64)).windows()).hasSize(8);
        assertThat(Reading.refusal(
                        Files.write(folder.resolve("b.txt"), new byte[] {'a', '\n', (byte) 0xe9}), Reading.model()))
                .contains("b.txt isn't UTF-8 at byte 2, in line 2; convert it first");
    }

    @Test
    void aDrawTakesWindowsFromTheWholeText() throws IOException {
        List<List<Long>> all = Reading.tokens(Reading.read(example, Reading.first(9999, 64)));

        List<List<Long>> drawn = Reading.tokens(Reading.read(example, Reading.drawn(12, 64, 4)));

        assertThat(drawn).hasSize(12).doesNotHaveDuplicates().isSubsetOf(all);
        assertThat(all.indexOf(drawn.getLast())).isGreaterThan(all.size() / 2);
        assertThat(Reading.tokens(Reading.read(example, Reading.drawn(12, 64, 4))))
                .isEqualTo(drawn);
    }

    private String read() {
        try {
            return Files.readString(example);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Samples whole(String text, int length, int most) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Reading.model())) {
            return new Samples(TokenWindows.consecutive(tokenizer.encode(text), length, most, "text"), 0);
        }
    }
}
