package dev.outcrop.engines.guard;

import dev.outcrop.engines.guard.WordFilter.Match;
import dev.outcrop.engines.guard.WordFilter.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Words and phrases as a tree of their words, so that looking for many costs no more than looking for one. */
final class WordTree {
    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> next = new HashMap<>();
        private Optional<Word> word = Optional.empty();
    }

    private record Word(String text, Origin origin) {}

    private record Token(String text, int start, int end) {}

    void add(String word, Origin origin) {
        List<Token> tokens = tokens(word);
        if (tokens.isEmpty()) {
            return;
        }
        Node node = root;
        for (Token token : tokens) {
            node = node.next.computeIfAbsent(token.text(), text -> new Node());
        }
        if (node.word.isEmpty()) {
            node.word = Optional.of(new Word(word, origin));
        }
    }

    List<Match> find(String text) {
        List<Token> tokens = tokens(text);
        List<Match> found = new ArrayList<>();
        int from = 0;
        while (from < tokens.size()) {
            Node node = root;
            int last = -1;
            Optional<Word> longest = Optional.empty();
            for (int at = from; at < tokens.size(); at++) {
                node = node.next.get(tokens.get(at).text());
                if (node == null) {
                    break;
                }
                if (node.word.isPresent()) {
                    last = at;
                    longest = node.word;
                }
            }
            if (longest.isPresent()) {
                Word word = longest.get();
                found.add(new Match(tokens.get(from).start(), tokens.get(last).end(), word.text(), word.origin()));
                from = last + 1;
            } else {
                from++;
            }
        }
        return List.copyOf(found);
    }

    /**
     * Words, and what else stands between white space, sign by sign; lowered. Apostrophes and marks inside words belong to
     * them.
     */
    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int end = at + Character.charCount(character);
            if (Character.isLetterOrDigit(character)) {
                while (end < text.length() && continues(text, end)) {
                    end += Character.charCount(text.codePointAt(end));
                }
            }
            if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                tokens.add(new Token(text.substring(at, end).toLowerCase(Locale.ROOT), at, end));
            }
            at = end;
        }
        return tokens;
    }

    private static boolean continues(String text, int at) {
        int character = text.codePointAt(at);
        if (Character.isLetterOrDigit(character) || Character.getType(character) == Character.NON_SPACING_MARK) {
            return true;
        }
        return (character == '\'' || character == '\u2019')
                && at + 1 < text.length()
                && Character.isLetter(text.codePointAt(at + 1));
    }
}
