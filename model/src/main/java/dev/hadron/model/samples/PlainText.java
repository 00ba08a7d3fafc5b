package dev.hadron.model.samples;

import dev.hadron.checkpoint.text.Utf8Pieces;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.tokenizer.ModelText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Windows of a text, one after another, each as long as asked for; a shorter rest is dropped.
 *
 * <p>The text is tokenized in pieces of about a million characters that end at line breaks, and no more of them than the windows need. A
 * draw needs all of them, since it must know how many windows there are.
 */
final class PlainText {
    private static final int PIECE = 1 << 20;

    private final Selection<long[]> selection;
    private final long[] window;
    private int filled;
    private long tokens;

    private PlainText(SampleRequest request) {
        this.selection = new Selection<>(request.samples(), request.seed());
        this.window = new long[request.length()];
    }

    static Samples read(Path file, String name, ModelText text, SampleRequest request) throws IOException {
        PlainText reading = new PlainText(request);
        boolean blank = true;
        try (Utf8Pieces pieces = Utf8Pieces.open(file, name)) {
            for (String piece = pieces.next(PIECE); !piece.isEmpty(); piece = pieces.next(PIECE)) {
                request.cancellation().check();
                blank &= piece.isBlank();
                reading.add(TokenIds.tokenized(name, text.tokenizer().encode(piece), request.vocabulary()));
                if (reading.selection.isComplete()) {
                    break;
                }
            }
        }
        if (blank) {
            throw SampleFile.empty(name);
        }
        if (reading.selection.items().isEmpty()) {
            throw new InvalidInputException(name + " has " + reading.tokens + " tokens, fewer than one window of "
                    + request.length() + "; give a longer text or a shorter window");
        }
        return new Samples(reading.selection.items(), 0);
    }

    private void add(long[] piece) {
        tokens += piece.length;
        for (int at = 0; at < piece.length && !selection.isComplete(); ) {
            int count = Math.min(piece.length - at, window.length - filled);
            System.arraycopy(piece, at, window, filled, count);
            at += count;
            filled += count;
            if (filled == window.length) {
                selection.offer(Arrays.copyOf(window, filled));
                filled = 0;
            }
        }
    }
}
