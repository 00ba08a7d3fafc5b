package dev.hadron.checkpoint.text;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A text in UTF-8, read in pieces. A byte order mark at its beginning isn't part of it. */
public final class Utf8Pieces implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String name;
    private final FileChannel channel;
    private final CharsetDecoder decoder = decoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    private final CharBuffer characters = CharBuffer.allocate(BUFFER).limit(0);
    private long bytesRead;
    private long lines = 1;
    private boolean started;
    private boolean ended;

    private Utf8Pieces(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /**
     * At the beginning of a file.
     *
     * @param name what messages call it
     */
    public static Utf8Pieces open(Path file, String name) throws IOException {
        return new Utf8Pieces(name, FileChannel.open(file, StandardOpenOption.READ));
    }

    /**
     * The text of bytes that are in memory.
     *
     * @throws CharacterCodingException when they aren't UTF-8; {@link #validBytes} tells where
     */
    public static String decode(byte[] utf8) throws CharacterCodingException {
        return decoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    /** How many bytes there are before the first that isn't UTF-8. */
    public static int validBytes(byte[] utf8) {
        ByteBuffer in = ByteBuffer.wrap(utf8);
        decoder().decode(in, CharBuffer.allocate(utf8.length), true);
        return in.position();
    }

    /**
     * The next piece: at least so many characters, and on to the end of the line and of blank lines behind it, if that comes within as many
     * again. Empty at the end.
     *
     * @throws InvalidInputException naming byte and line, when the text isn't UTF-8
     */
    public String next(int least) throws IOException {
        StringBuilder piece = new StringBuilder();
        while (characters.hasRemaining() || fill()) {
            char next = characters.get(characters.position());
            boolean lineEnds =
                    !piece.isEmpty() && piece.charAt(piece.length() - 1) == '\n' && !Character.isWhitespace(next);
            boolean full = piece.length() >= 2L * least && !Character.isLowSurrogate(next);
            if ((piece.length() >= least && lineEnds) || full) {
                break;
            }
            piece.append(characters.get());
        }
        return piece.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private boolean fill() throws IOException {
        characters.clear();
        while (characters.position() == 0 && !ended) {
            bytes.compact();
            int count = channel.read(bytes);
            bytes.flip();
            ended = count < 0;
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, characters, ended);
            bytesRead += bytes.position() - before;
            if (result.isError()) {
                long line = lines + breaks();
                throw new InvalidInputException(
                        name + " isn't UTF-8 at byte " + bytesRead + ", in line " + line + "; convert it first");
            }
        }
        lines += breaks();
        characters.flip();
        if (!started && characters.hasRemaining()) {
            started = true;
            if (characters.get(0) == BYTE_ORDER_MARK) {
                characters.get();
            }
        }
        return characters.hasRemaining() || (!ended && fill());
    }

    private long breaks() {
        long breaks = 0;
        for (int i = 0; i < characters.position(); i++) {
            breaks += characters.get(i) == '\n' ? 1 : 0;
        }
        return breaks;
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
}
