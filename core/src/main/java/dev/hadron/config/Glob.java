package dev.hadron.config;

import java.util.regex.Pattern;

/**
 * Patterns of layer names as in Python's {@code fnmatch}: {@code *} is any run of characters, dots included, {@code ?} any
 * one, {@code [abc]} one of these, {@code [!abc]} none of these. Case counts, and the whole name must match.
 */
public final class Glob {
    private final Pattern pattern;

    /** A pattern. */
    public Glob(String glob) {
        this.pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
    }

    /** Whether the whole name matches. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i);
            int end = c == '[' ? closingBracket(glob, i) : -1;
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> regex.append(end < 0 ? "\\[" : set(glob.substring(i + 1, end)));
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
            i = end < 0 ? i + 1 : end + 1;
        }
        return regex.toString();
    }

    /** The end of a set; a bracket directly after its start belongs to the set. An unclosed one is a plain character. */
    private static int closingBracket(String glob, int start) {
        int i = start + 1;
        if (i < glob.length() && glob.charAt(i) == '!') {
            i++;
        }
        return glob.indexOf(']', i + 1);
    }

    private static String set(String content) {
        boolean negated = content.startsWith("!");
        String members = negated ? content.substring(1) : content;
        StringBuilder set = new StringBuilder(negated ? "[^" : "[");
        boolean any = false;
        int i = 0;
        while (i < members.length()) {
            char first = members.charAt(i);
            boolean span = i + 2 < members.length() && members.charAt(i + 1) == '-';
            char last = span ? members.charAt(i + 2) : first;
            // A span that runs backwards holds nothing.
            if (first <= last) {
                any = true;
                set.append(String.format("\\x{%x}-\\x{%x}", (int) first, (int) last));
            }
            i += span ? 3 : 1;
        }
        if (!any) {
            return negated ? "." : "(?!)";
        }
        return set.append(']').toString();
    }
}
