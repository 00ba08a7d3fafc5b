package dev.hadron.model.tokenizer;

import dev.hadron.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Windows of equal length, cut from a text's tokens. */
public final class TokenWindows {
    private TokenWindows() {}

    /**
     * Consecutive windows from the beginning; a shorter rest is dropped.
     *
     * @param most at most so many windows
     * @param source what messages call the text
     * @throws InvalidInputException when the text doesn't fill one window
     */
    public static List<long[]> consecutive(long[] tokens, int length, int most, String source) {
        int windows = Math.min(tokens.length / length, most);
        if (windows == 0) {
            throw new InvalidInputException(source + " has " + tokens.length + " tokens, fewer than one window of "
                    + length + "; give a longer text or a shorter window");
        }
        List<long[]> cut = new ArrayList<>(windows);
        for (int i = 0; i < windows; i++) {
            cut.add(Arrays.copyOfRange(tokens, i * length, (i + 1) * length));
        }
        return cut;
    }
}
