package dev.hadron.model.samples;

import dev.hadron.error.InvalidInputException;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/** Token ids from outside, checked and freed from padding. */
final class TokenIds {
    private TokenIds() {}

    /**
     * The ids that a mask leaves, at most the first {@code most} of them.
     *
     * @param where for messages
     * @param size of both
     * @param ids may hold anything where the mask is 0
     * @param mask 1 for tokens and 0 for padding, which may stand at either end
     * @throws InvalidInputException when the mask has other numbers or a hole, or an id isn't in the vocabulary
     */
    static long[] unpadded(
            String where, int size, IntToLongFunction ids, IntToLongFunction mask, int most, int vocabulary) {
        int from = 0;
        while (from < size && !isToken(where, from, mask)) {
            from++;
        }
        int to = from;
        while (to < size && isToken(where, to, mask)) {
            to++;
        }
        for (int i = to; i < size; i++) {
            if (isToken(where, i, mask)) {
                throw new InvalidInputException(where + ": attention_mask has a hole: it is 0 at index " + to
                        + " and 1 again at index " + i + "; padding may only stand at the beginning and at the end");
            }
        }
        long[] tokens = new long[Math.min(most, to - from)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = ids.applyAsLong(from + i);
            requireKnown(where + ": input_ids[" + (from + i) + "]", tokens[i], vocabulary);
        }
        return tokens;
    }

    /** Refuses an id that a caller handed in and that isn't in the vocabulary. */
    static long[] checked(String where, long[] tokens, int most, int vocabulary) {
        for (int i = 0; i < Math.min(most, tokens.length); i++) {
            requireKnown(where + ": token " + i, tokens[i], vocabulary);
        }
        return tokens.length <= most ? tokens : Arrays.copyOf(tokens, most);
    }

    /** Refuses a tokenizer that gives what isn't in the vocabulary. */
    static long[] tokenized(String where, long[] tokens, int vocabulary) {
        for (long token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw new InvalidInputException(where + ": the tokenizer gives token " + token
                        + ", but the model's vocab_size is " + vocabulary
                        + ": tokenizer.json doesn't belong to this model; get the one that does");
            }
        }
        return tokens;
    }

    private static void requireKnown(String what, long token, int vocabulary) {
        if (token < 0) {
            throw new InvalidInputException(what + " is " + token + ", but token ids aren't negative;"
                    + " where padding is marked so, give an attention_mask that is 0 there");
        }
        if (token >= vocabulary) {
            throw new InvalidInputException(what + " is " + token + ", but the model's vocab_size is " + vocabulary
                    + "; tokenize with the model's own tokenizer");
        }
    }

    private static boolean isToken(String where, int index, IntToLongFunction mask) {
        long value = mask.applyAsLong(index);
        if (value != 0 && value != 1) {
            throw new InvalidInputException(
                    where + ": attention_mask[" + index + "] is " + value + ", but 0 or 1 is expected");
        }
        return value == 1;
    }
}
