package dev.outcrop.services.cloudwatchlogs.filter;

/** Walks through the text of a pattern. */
final class PatternScanner {
    private final String text;
    private int at;

    PatternScanner(String text) {
        this.text = text;
    }

    boolean ended() {
        return at >= text.length();
    }

    char peek() {
        return ended() ? '\0' : text.charAt(at);
    }

    char next() {
        return text.charAt(at++);
    }

    int position() {
        return at;
    }

    void skipSpace() {
        while (!ended() && Character.isWhitespace(peek())) {
            at++;
        }
    }

    /** Goes behind {@code expected}, if it is there, spaces before it left out. */
    boolean take(String expected) {
        skipSpace();
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    /** The same with a word, in any case, that ends there. */
    boolean takeWord(String word) {
        skipSpace();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end >= text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    void require(String expected) throws InvalidPatternException {
        if (!take(expected)) {
            throw new InvalidPatternException("expected " + expected + " at position " + at);
        }
    }

    /** What stands between two {@code quote}s, the first of which is next; a backslash takes the meaning of what follows. */
    String quoted(char quote) throws InvalidPatternException {
        int begin = at;
        at++;
        StringBuilder content = new StringBuilder();
        while (!ended() && peek() != quote) {
            char c = next();
            if (c == '\\' && quote == '"' && !ended() && (peek() == quote || peek() == '\\')) {
                c = next();
            }
            content.append(c);
        }
        if (ended()) {
            throw new InvalidPatternException("what begins at position " + begin + " is not closed");
        }
        at++;
        return content.toString();
    }

    /** All up to the next character of {@code ends}, or the end. */
    String until(String ends) {
        int begin = at;
        while (!ended() && ends.indexOf(peek()) < 0 && !Character.isWhitespace(peek())) {
            at++;
        }
        return text.substring(begin, at);
    }
}
