package dev.outcrop.engines.sql;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL as it was written, looked at before any parser sees it. */
public final class SqlText {
    private static final int DEEPEST = 100;
    private static final int MOST_OPERATORS = 500;
    /** Words and signs that a parser may go one level deeper for, each time. */
    private static final Pattern NESTING =
            Pattern.compile("(?i)\\b(not|case|select|union|except|intersect)\\b|[-+~]|::");

    private SqlText() {}

    /**
     * {@code text}, which is found to be nested no deeper than any parser takes, and in which each {@code name} that stands
     * outside of strings, quoted names and comments has been replaced.
     *
     * @throws RefusedSqlException if it is nested too deep, something in it is not closed, or it quotes with dollar signs
     */
    public static String checked(String text, Pattern name, UnaryOperator<String> replacement)
            throws RefusedSqlException {
        StringBuilder sql = new StringBuilder();
        StringBuilder code = new StringBuilder();
        Matcher matcher = name.matcher(text);
        int depth = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = skipped(text, at);
            if (end > at) {
                sql.append(text, at, end);
                at = end;
            } else if (matcher.region(at, text.length()).lookingAt() && (at == 0 || !isWord(text.charAt(at - 1)))) {
                sql.append(replacement.apply(matcher.group()));
                at = matcher.end();
            } else {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new RefusedSqlException("The query is nested deeper than " + DEEPEST + " levels.");
                }
                sql.append(c);
                code.append(c);
                at++;
            }
        }
        if (NESTING.matcher(code).results().count() > MOST_OPERATORS) {
            throw new RefusedSqlException("The query has more than " + MOST_OPERATORS + " operators.");
        }
        return sql.toString();
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    /** The end of the string, quoted name or comment that begins at {@code at}; {@code at} itself if none does. */
    private static int skipped(String text, int at) throws RefusedSqlException {
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            int end = text.indexOf(c, at + 1);
            if (end < 0) {
                throw new RefusedSqlException("A string or name in the query is not closed.");
            }
            return end + 1;
        }
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            if (end < 0) {
                throw new RefusedSqlException("A comment in the query is not closed.");
            }
            return end + 2;
        }
        if (c == '$') {
            throw new RefusedSqlException("Dollar signs are not supported in queries.");
        }
        return at;
    }
}
