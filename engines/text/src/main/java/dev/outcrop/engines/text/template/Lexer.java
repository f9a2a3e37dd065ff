package dev.outcrop.engines.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens as jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}: a line end right after
 * a block tag, and blanks before one that begins its line, are not part of the output.
 */
final class Lexer {
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%\\}\\s*|%\\}\\n?)");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(?:_\\d+)*(?:\\.\\d+(?:_\\d+)*(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[0-1])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Nd}\\p{Mn}\\p{Mc}_]*");
    private static final Set<String> LONG_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}<>=.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int countedTo;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int tag = nextTag(position);
            if (tag < 0) {
                data(source.substring(position));
                position = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            data(before(source.substring(position, tag), sign, kind != '{'));
            position = tag;
            switch (kind) {
                case '#' -> comment(tag);
                case '{' -> {
                    add(Token.Kind.VARIABLE_BEGIN, "{{");
                    inside(tag + (sign == '-' || sign == '+' ? 3 : 2), "}}", Token.Kind.VARIABLE_END);
                }
                default -> block(tag, sign);
            }
        }
        add(Token.Kind.END, "");
    }

    private int nextTag(int from) {
        for (int open = source.indexOf('{', from); open >= 0; open = source.indexOf('{', open + 1)) {
            if (open + 1 < source.length() && "{%#".indexOf(source.charAt(open + 1)) >= 0) {
                return open;
            }
        }
        return -1;
    }

    private String before(String data, char sign, boolean block) {
        if (sign == '-') {
            return PythonStrings.stripEnd(data);
        }
        if (sign != '+' && block) {
            int lineStart = data.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || lineStarting) && PythonStrings.isBlank(data.substring(lineStart))) {
                return data.substring(0, lineStart);
            }
        }
        return data;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
    }

    private void comment(int tag) {
        int end = source.indexOf("#}", tag + 2);
        if (end < 0) {
            throw failure("Missing end of comment tag");
        }
        char sign = source.charAt(end - 1);
        position = end + 2;
        skipAfterTag(sign, true);
    }

    private void block(int tag, char sign) {
        Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
        if (raw.lookingAt()) {
            position = raw.end();
            lineStarting = source.charAt(position - 1) == '\n';
            Matcher end = RAW_END.matcher(source);
            if (!end.find(position)) {
                throw failure("Missing end of raw directive");
            }
            String content = source.substring(position, end.start());
            char endSign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
            data(before(content, endSign, true));
            position = end.end();
            lineStarting = source.charAt(position - 1) == '\n';
            return;
        }
        add(Token.Kind.BLOCK_BEGIN, "{%");
        inside(tag + (sign == '-' || sign == '+' ? 3 : 2), "%}", Token.Kind.BLOCK_END);
    }

    private void inside(int start, String close, Token.Kind closeKind) {
        position = start;
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skipBlanks();
            if (position >= source.length()) {
                throw failure("unexpected end of template, expected '" + close + "'");
            }
            char next = source.charAt(position);
            if (open.isEmpty() && closes(close)) {
                char sign = next == close.charAt(0) ? ' ' : next;
                add(closeKind, close);
                position += close.length() + (sign == ' ' ? 0 : 1);
                skipAfterTag(sign, closeKind == Token.Kind.BLOCK_END);
                return;
            }
            expressionToken(next, open);
        }
    }

    private boolean closes(String close) {
        if (source.startsWith(close, position)) {
            return true;
        }
        char sign = source.charAt(position);
        boolean signed = sign == '-' || (sign == '+' && close.equals("%}"));
        return signed && source.startsWith(close, position + 1);
    }

    private void skipAfterTag(char sign, boolean block) {
        int tagEnd = position;
        if (sign == '-') {
            skipBlanks();
        } else if (block && sign != '+' && position < source.length() && source.charAt(position) == '\n') {
            position++;
        }
        lineStarting = position > tagEnd && source.charAt(position - 1) == '\n';
    }

    private void skipBlanks() {
        while (position < source.length() && PythonStrings.isSpace(source.charAt(position))) {
            position++;
        }
    }

    private void expressionToken(char next, Deque<Character> open) {
        if (next == '"' || next == '\'') {
            string(next);
            return;
        }
        if (Character.isDigit(next)) {
            if (!match(FLOAT, Token.Kind.FLOAT) && !match(INTEGER, Token.Kind.INTEGER)) {
                throw failure("unexpected char '" + next + "'");
            }
            return;
        }
        if (match(NAME, Token.Kind.NAME)) {
            return;
        }
        String two = source.substring(position, Math.min(position + 2, source.length()));
        if (LONG_OPERATORS.contains(two)) {
            add(Token.Kind.OPERATOR, two);
            position += 2;
            return;
        }
        if (OPERATORS.indexOf(next) < 0) {
            throw failure("unexpected char '" + next + "'");
        }
        balance(next, open);
        add(Token.Kind.OPERATOR, String.valueOf(next));
        position++;
    }

    private void balance(char next, Deque<Character> open) {
        switch (next) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != next) {
                    throw failure("unexpected '" + next + "'");
                }
            }
            default -> {
                // Not a bracket.
            }
        }
    }

    private boolean match(Pattern pattern, Token.Kind kind) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        add(kind, matcher.group());
        position = matcher.end();
        return true;
    }

    private void string(char quote) {
        StringBuilder value = new StringBuilder();
        int at = position + 1;
        while (at < source.length() && source.charAt(at) != quote) {
            if (source.charAt(at) == '\\' && at + 1 < source.length()) {
                at = escape(at + 1, value);
            } else {
                value.append(source.charAt(at++));
            }
        }
        if (at >= source.length()) {
            throw failure("unexpected end of template in a string");
        }
        add(Token.Kind.STRING, value.toString());
        position = at + 1;
    }

    /** Appends the character that the escape at {@code at} names; returns what comes after it. */
    private int escape(int at, StringBuilder value) {
        char kind = source.charAt(at);
        switch (kind) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'v' -> value.append('\u000b');
            case '\\', '\'', '"' -> value.append(kind);
            case '\n' -> {
                // A line end after a backslash is left out.
            }
            case 'x' -> {
                return hexadecimal(at + 1, 2, value);
            }
            case 'u' -> {
                return hexadecimal(at + 1, 4, value);
            }
            case 'U' -> {
                return hexadecimal(at + 1, 8, value);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int end = at;
                while (end < at + 3
                        && end < source.length()
                        && source.charAt(end) >= '0'
                        && source.charAt(end) <= '7') {
                    end++;
                }
                value.append((char) Integer.parseInt(source.substring(at, end), 8));
                return end;
            }
            default -> value.append('\\').append(kind);
        }
        return at + 1;
    }

    private int hexadecimal(int at, int digits, StringBuilder value) {
        try {
            value.appendCodePoint(Integer.parseInt(source.substring(at, at + digits), 16));
            return at + digits;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw failure("malformed escape in a string");
        }
    }

    private void add(Token.Kind kind, String text) {
        while (countedTo < position) {
            if (source.charAt(countedTo++) == '\n') {
                line++;
            }
        }
        tokens.add(new Token(kind, text, line));
    }

    private TemplateException failure(String message) {
        add(Token.Kind.END, "");
        return new TemplateException("line " + line + ": " + message);
    }
}
