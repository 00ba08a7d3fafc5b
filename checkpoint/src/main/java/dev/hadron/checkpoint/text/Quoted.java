package dev.hadron.checkpoint.text;

/** Names and values from files, made fit for a message: in quotes, on one line, not too long. */
public final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {}

    /** {@code text} in double quotes; control characters are escaped, because terminals obey them. */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(text.length() > LONGEST ? "…\"" : "\"").toString();
    }
}
