package dev.outcrop.services.cloudwatch;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * When a composite alarm is in alarm, such as {@code ALARM(a) AND NOT (OK("b c") OR FALSE)}.
 *
 * <p>Source: AlarmRule of PutCompositeAlarm, Amazon CloudWatch API reference.
 *
 * @param alarms   the names or ARNs of the alarms that it speaks of
 * @param elements how many functions, constants and operators it has
 * @param holds    whether it holds, told the state of each alarm
 */
record AlarmRule(Set<String> alarms, int elements, Predicate<Function<String, String>> holds) {
    private static final int DEEPEST = 64;

    /**
     * The rule that {@code text} is.
     *
     * @throws InvalidExpressionException if it is none
     */
    static AlarmRule parse(String text) {
        Parser parser = new Parser(text);
        Predicate<Function<String, String>> holds = parser.either();
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.unexpected();
        }
        return new AlarmRule(parser.alarms, parser.elements, holds);
    }

    private static final class Parser {
        private final String text;
        private final Set<String> alarms = new LinkedHashSet<>();
        private int at;
        private int depth;
        private int elements;

        Parser(String text) {
            this.text = text;
        }

        Predicate<Function<String, String>> either() {
            if (++depth > DEEPEST) {
                throw new InvalidExpressionException("The alarm rule is nested too deeply.");
            }
            Predicate<Function<String, String>> left = all();
            while (word("OR")) {
                left = left.or(all());
            }
            depth--;
            return left;
        }

        private Predicate<Function<String, String>> all() {
            Predicate<Function<String, String>> left = one();
            while (word("AND")) {
                left = left.and(one());
            }
            return left;
        }

        private Predicate<Function<String, String>> one() {
            if (++depth > DEEPEST) {
                throw new InvalidExpressionException("The alarm rule is nested too deeply.");
            }
            Predicate<Function<String, String>> found = operand();
            depth--;
            return found;
        }

        private Predicate<Function<String, String>> operand() {
            if (word("NOT")) {
                return one().negate();
            }
            if (word("TRUE")) {
                return _ -> true;
            }
            if (word("FALSE")) {
                return _ -> false;
            }
            for (String state : new String[] {"ALARM", "OK", "INSUFFICIENT_DATA"}) {
                if (word(state)) {
                    String alarm = name();
                    alarms.add(alarm);
                    return states -> state.equals(states.apply(alarm));
                }
            }
            skipSpace();
            if (peek() != '(') {
                throw unexpected();
            }
            at++;
            Predicate<Function<String, String>> inner = either();
            expect(')');
            return inner;
        }

        private String name() {
            expect('(');
            skipSpace();
            char quote = peek();
            int begin;
            String name;
            if (quote == '"' || quote == '\'') {
                begin = ++at;
                while (at < text.length() && peek() != quote) {
                    at++;
                }
                name = text.substring(begin, at);
                expect(quote);
            } else {
                begin = at;
                while (at < text.length() && peek() != ')' && !Character.isWhitespace(peek())) {
                    at++;
                }
                name = text.substring(begin, at);
            }
            expect(')');
            if (name.isEmpty()) {
                throw new InvalidExpressionException("The alarm rule has an alarm without a name.");
            }
            return name;
        }

        private boolean word(String word) {
            skipSpace();
            boolean here = text.startsWith(word, at)
                    && (at + word.length() == text.length() || !isNamePart(text.charAt(at + word.length())));
            if (here) {
                at += word.length();
                elements++;
            }
            return here;
        }

        private static boolean isNamePart(char character) {
            return Character.isLetterOrDigit(character) || character == '_';
        }

        private void expect(char wanted) {
            skipSpace();
            if (peek() != wanted) {
                throw unexpected();
            }
            at++;
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        InvalidExpressionException unexpected() {
            return new InvalidExpressionException(
                    at < text.length()
                            ? "The alarm rule has an unexpected character '" + peek() + "' at position " + at + "."
                            : "The alarm rule ends where something is expected.");
        }
    }
}
