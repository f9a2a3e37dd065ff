package dev.outcrop.services.cloudwatchlogs.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Terms that a message has, or has not. Terms with a question mark, of which one is enough, count only where there are no
 * others.
 */
record TermPattern(List<TextMatch> required, List<TextMatch> excluded, List<TextMatch> optional)
        implements FilterPattern {
    static TermPattern read(String text) throws InvalidPatternException {
        List<TextMatch> required = new ArrayList<>();
        List<TextMatch> excluded = new ArrayList<>();
        List<TextMatch> optional = new ArrayList<>();
        PatternScanner scanner = new PatternScanner(text);
        for (scanner.skipSpace(); !scanner.ended(); scanner.skipSpace()) {
            List<TextMatch> kind = required;
            if (scanner.peek() == '-') {
                scanner.next();
                kind = excluded;
            } else if (scanner.peek() == '?') {
                scanner.next();
                kind = optional;
            }
            kind.add(term(scanner));
        }
        return new TermPattern(required, excluded, optional);
    }

    private static TextMatch term(PatternScanner scanner) throws InvalidPatternException {
        if (scanner.peek() == '"') {
            return TextMatch.containing(scanner.quoted('"'));
        }
        if (scanner.peek() == '%') {
            return TextMatch.regex(scanner.quoted('%'));
        }
        String word = scanner.until("");
        if (word.isEmpty() || !word.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '_')) {
            throw new InvalidPatternException("Invalid character(s) in term '" + word + "'");
        }
        return TextMatch.containing(word);
    }

    @Override
    public boolean matches(String message) {
        for (TextMatch term : required) {
            if (!term.matches(message)) {
                return false;
            }
        }
        for (TextMatch term : excluded) {
            if (term.matches(message)) {
                return false;
            }
        }
        return optional.isEmpty()
                || !required.isEmpty()
                || !excluded.isEmpty()
                || optional.stream().anyMatch(term -> term.matches(message));
    }

    @Override
    public Map<String, String> extracted(String message) {
        return Map.of();
    }

    @Override
    public Optional<String> value(String message, String name) {
        return Optional.empty();
    }
}
