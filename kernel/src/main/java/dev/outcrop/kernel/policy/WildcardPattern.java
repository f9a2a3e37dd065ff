package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A text of a policy in which {@code *} stands for any characters, {@code ?} for one, and <code>${key}</code> or
 * <code>${key, 'default'}</code> for the value of a condition key. Matching takes time proportional to the product of both
 * lengths at most, whatever the pattern.
 *
 * <p>Source: "IAM policy elements: Variables and tags" and "Resource" of the IAM user guide.
 */
final class WildcardPattern {
    // Not characters of Unicode, and refused in documents: they cannot be meant literally.
    private static final char MANY = '\uFFFF';
    private static final char ONE = '\uFFFE';

    private final List<Piece> pieces;
    private final Optional<String> fixed;

    private WildcardPattern(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        fixed = pieces.stream().allMatch(Literal.class::isInstance)
                ? resolve(key -> Optional.empty())
                : Optional.empty();
    }

    /**
     * Compiles {@code text}.
     *
     * @param wildcards whether {@code *} and {@code ?} stand for other characters
     * @param variables whether <code>${…}</code> does, as in documents of version 2012-10-17
     */
    static WildcardPattern of(String text, boolean wildcards, boolean variables) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char character = text.charAt(at);
            int end = character == '$' && variables && text.startsWith("${", at) ? text.indexOf('}', at) : -1;
            if (end > 0) {
                String inside = text.substring(at + 2, end);
                if (inside.length() == 1 && "*?$".contains(inside)) {
                    literal.append(inside);
                } else {
                    pieces.add(new Literal(literal.toString()));
                    literal.setLength(0);
                    pieces.add(Variable.parse(inside));
                }
                at = end + 1;
            } else {
                literal.append(wildcards && character == '*' ? MANY : wildcards && character == '?' ? ONE : character);
                at++;
            }
        }
        pieces.add(new Literal(literal.toString()));
        return new WildcardPattern(pieces);
    }

    /** The six parts of an ARN with wildcards, each a pattern of its own; empty if there are not six. */
    static Optional<List<WildcardPattern>> ofArn(String text, boolean variables) {
        List<WildcardPattern> parts = new ArrayList<>();
        int start = 0;
        int depth = 0;
        for (int at = 0; at < text.length() && parts.size() < 5; at++) {
            char character = text.charAt(at);
            if (variables && text.startsWith("${", at)) {
                depth++;
            } else if (character == '}' && depth > 0) {
                depth--;
            } else if (character == ':' && depth == 0) {
                parts.add(of(text.substring(start, at), true, variables));
                start = at + 1;
            }
        }
        parts.add(of(text.substring(start), true, variables));
        return parts.size() == 6 ? Optional.of(parts) : Optional.empty();
    }

    /** Whether {@code value} fits; a pattern with a variable that has no value fits nothing. */
    boolean matches(String value, ConditionContext context) {
        return fixed.isPresent()
                ? fits(fixed.get(), value)
                : resolve(context).filter(text -> fits(text, value)).isPresent();
    }

    /** Whether {@code value} fits without regard to case. */
    boolean matchesIgnoringCase(String value, ConditionContext context) {
        return (fixed.isPresent() ? fixed : resolve(context))
                .filter(text -> fits(lower(text), lower(value)))
                .isPresent();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private Optional<String> resolve(ConditionContext context) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Literal literal -> text.append(literal.text);
                case Variable variable -> {
                    Optional<String> value = variable.value(context);
                    if (value.isEmpty()) {
                        return Optional.empty();
                    }
                    text.append(value.get().replace(MANY, '\uFFFD').replace(ONE, '\uFFFD'));
                }
            }
        }
        return Optional.of(text.toString());
    }

    private static boolean fits(String pattern, String value) {
        return Wildcards.matches(pattern, MANY, ONE, value);
    }

    private sealed interface Piece {}

    private record Literal(String text) implements Piece {}

    private record Variable(String key, Optional<String> otherwise) implements Piece {
        static Variable parse(String inside) {
            int comma = inside.indexOf(',');
            if (comma < 0) {
                return new Variable(inside.strip(), Optional.empty());
            }
            String rest = inside.substring(comma + 1).strip();
            boolean quoted = rest.length() >= 2 && rest.startsWith("'") && rest.endsWith("'");
            return new Variable(
                    inside.substring(0, comma).strip(),
                    quoted ? Optional.of(rest.substring(1, rest.length() - 1)) : Optional.empty());
        }

        /** Keys with several values do not stand for one. */
        Optional<String> value(ConditionContext context) {
            Optional<List<String>> values = context.values(key);
            if (values.isEmpty() || values.get().isEmpty()) {
                return otherwise;
            }
            return values.get().size() == 1 ? Optional.of(values.get().getFirst()) : Optional.empty();
        }
    }
}
