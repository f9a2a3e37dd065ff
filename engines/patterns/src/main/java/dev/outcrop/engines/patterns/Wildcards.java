package dev.outcrop.engines.patterns;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with {@code *} for anything; a star or a backslash that is meant has a backslash before it. Matching costs the
 * product of both lengths at most.
 */
final class Wildcards {
    private final List<String> pieces;

    private Wildcards(List<String> pieces) {
        this.pieces = pieces;
    }

    /**
     * Reads one.
     *
     * @throws InvalidPatternException if two stars stand side by side, or a backslash before something else
     */
    static Wildcards read(String text) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        boolean afterStar = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\\') {
                i++;
                if (i == text.length() || (text.charAt(i) != '*' && text.charAt(i) != '\\')) {
                    throw new InvalidPatternException("Invalid escape character at pos " + i);
                }
                piece.append(text.charAt(i));
                afterStar = false;
            } else if (character == '*') {
                if (afterStar) {
                    throw new InvalidPatternException("Consecutive wildcard characters at pos " + i);
                }
                pieces.add(piece.toString());
                piece.setLength(0);
                afterStar = true;
            } else {
                piece.append(character);
                afterStar = false;
            }
        }
        pieces.add(piece.toString());
        return new Wildcards(List.copyOf(pieces));
    }

    boolean matches(String text) {
        String first = pieces.getFirst();
        if (pieces.size() == 1) {
            return text.equals(first);
        }
        String last = pieces.getLast();
        int end = text.length() - last.length();
        if (end < first.length() || !text.startsWith(first) || !text.endsWith(last)) {
            return false;
        }
        int from = first.length();
        for (String piece : pieces.subList(1, pieces.size() - 1)) {
            int found = text.indexOf(piece, from);
            if (found < 0 || found + piece.length() > end) {
                return false;
            }
            from = found + piece.length();
        }
        return true;
    }
}
