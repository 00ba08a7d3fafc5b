package dev.hadron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Patterns of layer names as in Python's {@code fnmatch}: {@code *} is any run of characters, dots included, {@code ?} any
 * one, {@code [abc]} one of these, {@code [!abc]} none of these. Case counts, and the whole name must match.
 */
public final class Glob {
    private final List<Part> parts = new ArrayList<>();

    /**
     * What a character must be.
     *
     * @param repeats whether it stands for any number of characters
     */
    private record Part(boolean repeats, IntPredicate allowed) {}

    /** A pattern. */
    public Glob(String glob) {
        int[] pattern = glob.codePoints().toArray();
        int i = 0;
        while (i < pattern.length) {
            int c = pattern[i];
            int end = c == '[' ? closingBracket(pattern, i) : -1;
            switch (c) {
                case '*' -> parts.add(new Part(true, unused -> true));
                case '?' -> parts.add(new Part(false, unused -> true));
                default -> parts.add(new Part(false, end < 0 ? character -> character == c : set(pattern, i + 1, end)));
            }
            i = end < 0 ? i + 1 : end + 1;
        }
    }

    /** Whether the whole name matches. */
    public boolean matches(String name) {
        int[] characters = name.codePoints().toArray();
        int part = 0;
        int at = 0;
        int star = -1;
        int afterStar = 0;
        // Only the last star needs to take more: what came before it matched as early as it could.
        while (at < characters.length) {
            if (part < parts.size() && parts.get(part).repeats()) {
                star = part++;
                afterStar = at;
            } else if (part < parts.size() && parts.get(part).allowed().test(characters[at])) {
                part++;
                at++;
            } else if (star >= 0) {
                part = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        return parts.subList(part, parts.size()).stream().allMatch(Part::repeats);
    }

    /** The end of a set; a bracket directly after its start belongs to the set. An unclosed one is a plain character. */
    private static int closingBracket(int[] pattern, int start) {
        int first = start + 1 < pattern.length && pattern[start + 1] == '!' ? start + 2 : start + 1;
        for (int i = first + 1; i < pattern.length; i++) {
            if (pattern[i] == ']') {
                return i;
            }
        }
        return -1;
    }

    private static IntPredicate set(int[] pattern, int from, int to) {
        boolean negated = pattern[from] == '!';
        IntPredicate members = unused -> false;
        int i = negated ? from + 1 : from;
        while (i < to) {
            boolean span = i + 2 < to && pattern[i + 1] == '-';
            int first = pattern[i];
            // A span that runs backwards holds nothing.
            int last = span ? pattern[i + 2] : first;
            members = members.or(character -> first <= character && character <= last);
            i += span ? 3 : 1;
        }
        return negated ? members.negate() : members;
    }
}
