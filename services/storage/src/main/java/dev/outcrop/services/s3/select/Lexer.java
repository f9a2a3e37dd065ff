package dev.outcrop.services.s3.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a statement into its words and signs. */
final class Lexer {
    private static final List<String> OPERATORS =
            List.of("<=", ">=", "<>", "!=", "||", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".");

    private final String text;
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** What a token is. */
    enum Kind {
        WORD,
        /** A name in quotation marks. */
        NAME,
        TEXT,
        NUMBER,
        /** A literal of Ion, in backticks. */
        ION,
        OPERATOR,
        END
    }

    /** @param text without its quotation marks */
    record Token(Kind kind, String text, int position) {
        boolean is(String word) {
            return switch (kind) {
                case WORD -> text.equalsIgnoreCase(word);
                case OPERATOR -> text.equals(word);
                case NAME, TEXT, NUMBER, ION, END -> false;
            };
        }

        String shown() {
            return kind == Kind.END ? "the end" : text.length() > 50 ? text.substring(0, 50) : text;
        }
    }

    /** All tokens of {@code text}, and the end. */
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.getLast().kind() != Kind.END);
        return tokens;
    }

    private Token next() {
        skip();
        int start = at;
        if (at >= text.length()) {
            return new Token(Kind.END, "", start);
        }
        char c = text.charAt(at);
        if (c == '\'') {
            return new Token(Kind.TEXT, quoted('\''), start);
        }
        if (c == '"') {
            return new Token(Kind.NAME, quoted('"'), start);
        }
        if (c == '`') {
            return new Token(Kind.ION, quoted('`'), start);
        }
        if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)) && !endsValue(start))) {
            return number();
        }
        if (Character.isLetter(c) || c == '_') {
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at)) || "_$".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            return new Token(Kind.WORD, text.substring(start, at), start);
        }
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return new Token(Kind.OPERATOR, operator.equals("!=") ? "<>" : operator, start);
            }
        }
        throw SelectErrors.of(
                "LexerInvalidChar",
                "The SQL expression contains an invalid character at position %d.".formatted(start + 1));
    }

    /** Whether a point at {@code position} follows a name, so that no number begins with it. */
    private boolean endsValue(int position) {
        return position > 0
                && (Character.isLetterOrDigit(text.charAt(position - 1))
                        || "_\"])".indexOf(text.charAt(position - 1)) >= 0);
    }

    private void skip() {
        boolean more = true;
        while (more && at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else {
                more = false;
            }
        }
    }

    /** A quotation mark inside is written twice. */
    private String quoted(char quote) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            at++;
            if (c != quote) {
                content.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                content.append(quote);
                at++;
            } else {
                return content.toString();
            }
        }
        throw SelectErrors.of("LexerInvalidLiteral", "The SQL expression contains a literal that is not closed.");
    }

    private Token number() {
        int start = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        if (at < text.length() && Character.toLowerCase(text.charAt(at)) == 'e') {
            at++;
            if (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        String digits = text.substring(start, at).toLowerCase(Locale.ROOT);
        if (Value.number(digits).isEmpty()) {
            throw SelectErrors.of(
                    "LexerInvalidLiteral",
                    "The SQL expression contains an invalid literal: "
                            + digits.substring(0, Math.min(50, digits.length())));
        }
        return new Token(Kind.NUMBER, digits, start);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
