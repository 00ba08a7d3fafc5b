package dev.hadron.checkpoint.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8PiecesTest {
    @TempDir
    private Path folder;

    @Test
    void piecesJoinedAreTheText() throws IOException {
        Random random = new Random(3);
        String[] parts = {"word ", "é", "日本", "😀", "\n", "\n\n", "\r\n", "longer words and more of them "};
        StringBuilder text = new StringBuilder();
        while (text.length() < 300_000) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        for (int least : new int[] {1, 7, 1000, 65_536, 1_000_000}) {
            assertThat(String.join("", pieces(text.toString().getBytes(StandardCharsets.UTF_8), least)))
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void aPieceEndsBehindALineBreakAndBlankLines() throws IOException {
        assertThat(pieces(bytes("first\n\n  \nsecond\nthird"), 6))
                .containsExactly("first\n\n  \n", "second\n", "third");
        assertThat(pieces(bytes("ab\n\n\ncd"), 3)).containsExactly("ab\n\n\n", "cd");
    }

    @Test
    void aTextWithoutLineBreaksIsCutBetweenCharacters() throws IOException {
        List<String> pieces = pieces(bytes("😀".repeat(1000)), 7);

        assertThat(pieces).hasSizeGreaterThan(100).allMatch(piece -> piece.length() % 2 == 0);
    }

    @Test
    void aByteOrderMarkIsNoText() throws IOException {
        assertThat(pieces(bytes("\uFEFFa\uFEFF"), 9)).containsExactly("a\uFEFF");
        assertThat(pieces(bytes("\uFEFF"), 9)).isEmpty();
        assertThat(pieces(bytes(""), 9)).isEmpty();
    }

    @Test
    void whatIsntUtf8IsRefusedByByteAndLine() {
        for (int before : new int[] {0, 5, 65_535, 65_536, 200_000}) {
            byte[] start = bytes("x\n".repeat(before));
            for (byte[] wrong : new byte[][] {
                {(byte) 0xe9, ' '}, {(byte) 0xe2, (byte) 0x82}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
            }) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(start);
                all.writeBytes(wrong);

                assertThatThrownBy(() -> pieces(all.toByteArray(), 1 << 20))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("the text isn't UTF-8 at byte " + start.length + ", in line " + (before + 1)
                                + "; convert it first");
            }
        }
    }

    private List<String> pieces(byte[] utf8, int least) throws IOException {
        Path file = Files.write(folder.resolve("text"), utf8);
        List<String> pieces = new ArrayList<>();
        try (Utf8Pieces reader = Utf8Pieces.open(file, "the text")) {
            for (String piece = reader.next(least); !piece.isEmpty(); piece = reader.next(least)) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
