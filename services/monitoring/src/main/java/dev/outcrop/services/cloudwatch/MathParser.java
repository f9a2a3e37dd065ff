package dev.outcrop.services.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads math expressions.
 *
 * <p>Source: "Metric math syntax and functions", Amazon CloudWatch user guide. Operators bind as in arithmetic: power,
 * sign, product, sum, comparison, {@code AND}, {@code OR}.
 */
final class MathParser {
    /** How deep parentheses, arrays and signs may stand in each other. */
    private static final int DEEPEST = 64;

    private static final Map<String, Integer> STRENGTH = Map.ofEntries(
            Map.entry("||", 1),
            Map.entry("&&", 2),
            Map.entry("==", 3),
            Map.entry("!=", 3),
            Map.entry("<=", 3),
            Map.entry(">=", 3),
            Map.entry("<", 3),
            Map.entry(">", 3),
            Map.entry("+", 4),
            Map.entry("-", 4),
            Map.entry("*", 5),
            Map.entry("/", 5),
            Map.entry("^", 7));
    private static final int SIGN = 6;

    private final String text;
    private int at;
    private int depth;

    private MathParser(String text) {
        this.text = text;
    }

    /**
     * The expression that {@code text} is.
     *
     * @throws InvalidExpressionException if it is none
     */
    static MathExpression parse(String text) {
        String trimmed = text.strip();
        if (trimmed.regionMatches(true, 0, "SELECT ", 0, 7)) {
            return new MathExpression.Select(InsightsQuery.parse(trimmed));
        }
        MathParser parser = new MathParser(text);
        MathExpression expression = parser.expression(0);
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.unexpected();
        }
        return expression;
    }

    private MathExpression expression(int weakest) {
        if (++depth > DEEPEST) {
            throw new InvalidExpressionException("The expression is nested too deeply.");
        }
        MathExpression left = operand();
        String operator = operator();
        while (!operator.isEmpty() && STRENGTH.get(operator) > weakest) {
            consume(operator);
            int strength = STRENGTH.get(operator);
            // Powers bind to the right, everything else to the left.
            MathExpression right = expression(operator.equals("^") ? strength - 1 : strength);
            left = new MathExpression.Operation(operator, left, right);
            operator = operator();
        }
        depth--;
        return left;
    }

    private void consume(String operator) {
        if (operator.equals("&&") && word("AND")) {
            at += 3;
        } else if (operator.equals("||") && word("OR")) {
            at += 2;
        } else {
            at += operator.length();
        }
    }

    /** The operator that comes next, not yet consumed; empty if none does. */
    private String operator() {
        skipSpace();
        if (word("AND")) {
            return "&&";
        }
        if (word("OR")) {
            return "||";
        }
        for (int length = 2; length >= 1; length--) {
            if (at + length <= text.length()) {
                String candidate = text.substring(at, at + length);
                if (STRENGTH.containsKey(candidate)) {
                    return candidate;
                }
            }
        }
        return "";
    }

    private boolean word(String word) {
        return text.startsWith(word, at)
                && (at + word.length() == text.length() || !isNamePart(text.charAt(at + word.length())));
    }

    private MathExpression operand() {
        skipSpace();
        if (at == text.length()) {
            throw new InvalidExpressionException("The expression ends where something is expected.");
        }
        char first = text.charAt(at);
        if (first == '-') {
            at++;
            return new MathExpression.Negation(expression(SIGN));
        }
        if (first == '(') {
            at++;
            MathExpression inner = expression(0);
            expect(')');
            return inner;
        }
        if (first == '[') {
            at++;
            return new MathExpression.Array(list(']'));
        }
        if (first == '\'' || first == '"') {
            return new MathExpression.Text(string(first));
        }
        if (Character.isDigit(first) || first == '.') {
            return number();
        }
        if (Character.isLetter(first)) {
            return nameOrCall();
        }
        throw unexpected();
    }

    private MathExpression nameOrCall() {
        int begin = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        String name = text.substring(begin, at);
        skipSpace();
        if (at < text.length() && text.charAt(at) == '(') {
            at++;
            return new MathExpression.Call(name, list(')'));
        }
        return new MathExpression.Name(name);
    }

    private List<MathExpression> list(char end) {
        List<MathExpression> elements = new ArrayList<>();
        skipSpace();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return elements;
        }
        elements.add(expression(0));
        skipSpace();
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            elements.add(expression(0));
            skipSpace();
        }
        expect(end);
        return elements;
    }

    private MathExpression number() {
        int begin = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || text.charAt(at) == '.'
                        || ((text.charAt(at) == '-' || text.charAt(at) == '+')
                                && Character.toLowerCase(text.charAt(at - 1)) == 'e'))) {
            at++;
        }
        try {
            return new MathExpression.Constant(Double.parseDouble(text.substring(begin, at)));
        } catch (NumberFormatException malformed) {
            throw new InvalidExpressionException("\"" + text.substring(begin, at) + "\" is not a number.");
        }
    }

    /** A string; the quote that it stands in may stand in it behind a backslash, which stays before anything else. */
    private String string(char quote) {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw new InvalidExpressionException("A string is not closed.");
        }
        String inner = text.substring(at + 1, end);
        at = end + 1;
        return inner;
    }

    private void expect(char wanted) {
        skipSpace();
        if (at == text.length() || text.charAt(at) != wanted) {
            throw at == text.length()
                    ? new InvalidExpressionException("The expression ends where '" + wanted + "' is expected.")
                    : unexpected();
        }
        at++;
    }

    private InvalidExpressionException unexpected() {
        return new InvalidExpressionException(
                "Unexpected character '" + text.charAt(at) + "' at position " + at + " of the expression.");
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isNamePart(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }
}
