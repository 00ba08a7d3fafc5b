package dev.hadron.model.tokenizer.template;

/** The escapes of Python's string literals; an unknown one stands for itself. */
final class Escapes {
    private static final String PLAIN = "\\'\"abfnrtv";
    private static final String MEANING = "\\'\"\007\b\f\n\r\t\013";
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;
    private static final int LONGEST_OCTAL = 3;

    private Escapes() {}

    static String decode(String text, int line) {
        StringBuilder decoded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\' || at == text.length()) {
                decoded.append(c);
                continue;
            }
            char escape = text.charAt(at++);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (PLAIN.indexOf(escape) >= 0) {
                decoded.append(MEANING.charAt(PLAIN.indexOf(escape)));
            } else if (digits > 0) {
                decoded.appendCodePoint(codePoint(text, at, digits, line));
                at += digits;
            } else if (escape >= '0' && escape < '8') {
                int end = at;
                while (end < text.length()
                        && end < at + LONGEST_OCTAL - 1
                        && text.charAt(end) >= '0'
                        && text.charAt(end) < '8') {
                    end++;
                }
                decoded.appendCodePoint(Integer.parseInt(text.substring(at - 1, end), OCTAL));
                at = end;
            } else if (escape != '\n') {
                decoded.append('\\').append(escape);
            }
        }
        return decoded.toString();
    }

    private static int codePoint(String text, int at, int digits, int line) {
        String hex = text.substring(at, Math.min(text.length(), at + digits));
        if (hex.length() < digits || !hex.chars().allMatch(c -> Character.digit(c, HEXADECIMAL) >= 0)) {
            throw new TemplateException(line, "a string has an escape that lacks some of its " + digits + " digits");
        }
        long value = Long.parseLong(hex, HEXADECIMAL);
        if (value > Character.MAX_CODE_POINT) {
            throw new TemplateException(
                    line, "a string has an escape for the character " + value + ", which doesn't exist");
        }
        return (int) value;
    }
}
