package dev.outcrop.services.cloudwatchlogs.insights;

import java.util.ArrayList;
import java.util.List;

/**
 * A word or sign of a query.
 *
 * @param text of a string, regular expression or quoted name what is between its delimiters
 */
record Token(Kind kind, String text, int start, int end) {
    /** The sorts of tokens. */
    enum Kind {
        NAME,
        QUOTED_NAME,
        NUMBER,
        STRING,
        REGEX,
        SIGN,
        END
    }

    private static final String SIGNS = "|(),[]=<>+-*/%^!~";
    private static final List<String> LONG_SIGNS = List.of("!=", "<=", ">=", "=~");

    /** The tokens of a query; comments begin with a hash. */
    static List<Token> all(String query) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < query.length()) {
            char c = query.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                int line = query.indexOf('\n', at);
                at = line < 0 ? query.length() : line;
            } else {
                Token token = next(query, at, tokens);
                tokens.add(token);
                at = token.end;
            }
        }
        tokens.add(new Token(Kind.END, "", query.length(), query.length()));
        return tokens;
    }

    private static Token next(String query, int at, List<Token> before) {
        char c = query.charAt(at);
        if (c == '"' || c == '\'') {
            return quoted(Kind.STRING, query, at, c);
        }
        if (c == '`') {
            return quoted(Kind.QUOTED_NAME, query, at, c);
        }
        if (c == '/' && mayBeginRegex(before)) {
            return quoted(Kind.REGEX, query, at, c);
        }
        if (Character.isDigit(c)) {
            return number(query, at);
        }
        if (isNamePart(c)) {
            int end = at;
            while (end < query.length() && (isNamePart(query.charAt(end)) || Character.isDigit(query.charAt(end)))) {
                end++;
            }
            return new Token(Kind.NAME, query.substring(at, end), at, end);
        }
        for (String sign : LONG_SIGNS) {
            if (query.startsWith(sign, at)) {
                return new Token(Kind.SIGN, sign, at, at + 2);
            }
        }
        if (SIGNS.indexOf(c) >= 0) {
            return new Token(Kind.SIGN, String.valueOf(c), at, at + 1);
        }
        throw new MalformedInsightsQueryException("unexpected symbol found " + c, at, at + 1);
    }

    /** A slash divides behind a value; elsewhere it begins a regular expression. */
    private static boolean mayBeginRegex(List<Token> before) {
        if (before.isEmpty()) {
            return true;
        }
        Token last = before.getLast();
        boolean word = last.is("like") || last.is("parse");
        boolean parsed = before.size() > 1 && before.get(before.size() - 2).is("parse");
        return word || last.is("=~") || parsed;
    }

    private static Token quoted(Kind kind, String query, int at, char delimiter) {
        StringBuilder text = new StringBuilder();
        int end = at + 1;
        while (end < query.length() && query.charAt(end) != delimiter) {
            char c = query.charAt(end);
            if (c == '\\' && end + 1 < query.length()) {
                char escaped = query.charAt(++end);
                // In a regular expression only the delimiter is escaped for our sake.
                if (escaped != delimiter && (kind == Kind.REGEX || escaped != '\\')) {
                    text.append('\\');
                }
                c = escaped;
            }
            text.append(c);
            end++;
        }
        if (end >= query.length()) {
            throw new MalformedInsightsQueryException("missing closing " + delimiter, at, query.length());
        }
        return new Token(kind, text.toString(), at, end + 1);
    }

    /** A number, or a period such as {@code 5m}, which is a name here. */
    private static Token number(String query, int at) {
        int end = at;
        while (end < query.length() && (Character.isLetterOrDigit(query.charAt(end)) || query.charAt(end) == '.')) {
            end++;
        }
        String text = query.substring(at, end);
        boolean number = text.matches("\\d+(\\.\\d+)?([eE]\\d+)?");
        return new Token(number ? Kind.NUMBER : Kind.NAME, text, at, end);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetter(c) || c == '_' || c == '@' || c == '.' || c == '$';
    }

    /** Whether it is this sign, or this word in any case. */
    boolean is(String wanted) {
        return (kind == Kind.SIGN && text.equals(wanted)) || (kind == Kind.NAME && text.equalsIgnoreCase(wanted));
    }
}
