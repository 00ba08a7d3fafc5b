package dev.hadron.model.tokenizer.template;

import dev.hadron.model.tokenizer.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with the settings that chat templates are rendered with: {@code trim_blocks} (the line break after a block or
 * a comment goes), {@code lstrip_blocks} (spaces before them, from the beginning of their line, go), and one line break at the end of the
 * template goes. A {@code -} in a tag takes all white space beside it away, a {@code +} keeps it.
 */
final class Lexer {
    private static final Pattern RAW =
            Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%}\\s*|%})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%}|-%}\\s*|%}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_COMMENT = Pattern.compile("\\+#}|-#}\\s*|#}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_BLOCK = Pattern.compile("\\+%}|-%}\\s*|%}\\n?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_VARIABLE = Pattern.compile("-}}\\s*|}}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NUMBER =
            Pattern.compile("\\d[\\d_]*((\\.\\d[\\d_]*)?[eE][-+]?\\d[\\d_]*|\\.\\d[\\d_]*)?");
    private static final Pattern NAME = Pattern.compile("[\\w&&[^\\d]]\\w*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;
    private boolean lineStarts = true;
    private String matched = "";

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        lexer.read();
        return List.copyOf(lexer.tokens);
    }

    private void read() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Kind.TEXT, source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            String before = before(source.substring(at, tag), sign, kind != '{');
            if (!before.isEmpty()) {
                add(Kind.TEXT, before);
            }
            at = tag;
            switch (kind) {
                case '#' -> skipComment();
                case '%' -> readBlock(sign);
                default -> readTag(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, END_VARIABLE, sign);
            }
        }
        add(Kind.END, "");
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            char next = source.charAt(i + 1);
            if (source.charAt(i) == '{' && (next == '{' || next == '%' || next == '#')) {
                return i;
            }
        }
        return -1;
    }

    private String before(String text, char sign, boolean block) {
        if (sign == '-') {
            return PythonText.strip(text, PythonText::isSpace, false, true);
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean strip = block && sign != '+' && (lineStart > 0 || lineStarts);
        return strip && text.substring(lineStart).codePoints().allMatch(PythonText::isSpace)
                ? text.substring(0, lineStart)
                : text;
    }

    private void skipComment() {
        Matcher end = END_COMMENT.matcher(source);
        if (!end.find(at + 2)) {
            throw error("a comment that begins here doesn't end; end it with #}");
        }
        advance(end);
    }

    private void readBlock(char sign) {
        Matcher raw = RAW.matcher(source).region(at, source.length());
        if (!raw.lookingAt()) {
            readTag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, END_BLOCK, sign);
            return;
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(raw.end())) {
            throw error("a raw block that begins here doesn't end; end it with {% endraw %}");
        }
        String content = source.substring(raw.end(), end.start());
        lineStarts = content.isEmpty() && source.charAt(raw.end() - 1) == '\n';
        String endSign = end.group(1);
        add(Kind.TEXT, before(content, endSign.isEmpty() ? ' ' : endSign.charAt(0), true));
        advance(end);
    }

    private void readTag(Kind begin, Kind endKind, Pattern endPattern, char sign) {
        add(begin, "");
        at += sign == '-' || sign == '+' ? 3 : 2;
        Deque<Character> brackets = new ArrayDeque<>();
        Matcher end = endPattern.matcher(source);
        while (true) {
            while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
                at++;
            }
            if (at == source.length()) {
                throw error("the template ends within a tag");
            }
            if (brackets.isEmpty() && end.region(at, source.length()).lookingAt()) {
                add(endKind, "");
                advance(end);
                return;
            }
            readExpression(brackets);
        }
    }

    private void readExpression(Deque<Character> brackets) {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            readString(c);
        } else if (accept(NUMBER)) {
            boolean real = matched.chars().anyMatch(digit -> digit == '.' || digit == 'e' || digit == 'E');
            add(real ? Kind.REAL : Kind.INTEGER, matched.replace("_", ""));
        } else if (accept(NAME)) {
            add(Kind.NAME, matched);
        } else if (accept(OPERATOR)) {
            balance(matched.charAt(0), brackets);
            add(Kind.OPERATOR, matched);
        } else {
            throw error("the character " + PythonText.quoted(Character.toString(source.codePointAt(at)))
                    + " has no meaning here");
        }
    }

    private void balance(char c, Deque<Character> brackets) {
        switch (c) {
            case '(' -> brackets.push(')');
            case '[' -> brackets.push(']');
            case '{' -> brackets.push('}');
            case ')', ']', '}' -> {
                if (brackets.isEmpty() || brackets.pop() != c) {
                    throw error("'" + c + "' closes nothing that is open");
                }
            }
            default -> {}
        }
    }

    private boolean accept(Pattern pattern) {
        Matcher matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        at = matcher.end();
        matched = matcher.group();
        return true;
    }

    private void readString(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error("a string that begins here doesn't end");
        }
        String text = source.substring(at + 1, end);
        add(Kind.STRING, text.indexOf('\\') < 0 ? text : Escapes.decode(text, line));
        at = end + 1;
    }

    private void advance(Matcher end) {
        at = end.end();
        lineStarts = source.charAt(at - 1) == '\n';
    }

    private void add(Kind kind, String text) {
        countLines();
        tokens.add(new Token(kind, text, line));
    }

    private TemplateException error(String message) {
        countLines();
        return new TemplateException(line, message);
    }

    private void countLines() {
        for (; counted < at; counted++) {
            if (source.charAt(counted) == '\n') {
                line++;
            }
        }
    }
}
