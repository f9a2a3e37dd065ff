package dev.outcrop.services.cloudwatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which metrics a search finds.
 *
 * <p>Source: "CloudWatch search expression syntax", Amazon CloudWatch user guide.
 *
 * @param schema the namespace and the names of all dimensions, in that order, where the search names them
 */
record SearchExpression(Optional<List<String>> schema, Predicate<MetricKey> term) {
    private static final int LONGEST = 1024;
    private static final int DEEPEST = 64;
    /** A word begins at a capital after a small letter, and numbers are words of their own. */
    private static final Pattern TOKEN = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\\d+|[^\\x00-\\x7F]+");

    private static final Pattern DELIMITER = Pattern.compile("[^\\p{L}\\p{N}]+");

    /**
     * The search that {@code text} is.
     *
     * @throws InvalidExpressionException if it is none
     */
    static SearchExpression parse(String text) {
        if (text.length() > LONGEST) {
            throw new InvalidExpressionException("A search expression may have at most " + LONGEST + " characters.");
        }
        return new Parser(text).search();
    }

    boolean finds(MetricKey metric) {
        if (schema.isPresent()) {
            List<String> names = schema.get();
            if (!metric.namespace().equals(names.getFirst())
                    || !metric.dimensions().keySet().equals(Set.copyOf(names.subList(1, names.size())))) {
                return false;
            }
        }
        return term.test(metric);
    }

    /** The tokens of a name: its words, runs of words, and itself without what delimits them. */
    static Set<String> tokens(String name) {
        List<String> words = words(name);
        Set<String> tokens = new LinkedHashSet<>();
        tokens.add(DELIMITER.matcher(name).replaceAll("").toLowerCase(Locale.ROOT));
        words.forEach(word -> tokens.add(word.toLowerCase(Locale.ROOT)));
        return tokens;
    }

    private static List<String> words(String name) {
        List<String> words = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(name);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /**
     * Whether the words of a term stand next to each other in a name. Case makes no difference to a word that stands
     * alone, or between delimiters; it does to words that are told apart by it.
     */
    private static boolean matches(String term, String name) {
        List<String> wanted = new ArrayList<>();
        List<Boolean> sensitive = new ArrayList<>();
        for (String piece : DELIMITER.split(term)) {
            List<String> inner = words(piece);
            inner.forEach(word -> {
                wanted.add(word);
                sensitive.add(inner.size() > 1);
            });
        }
        if (wanted.isEmpty()) {
            return false;
        }
        if (wanted.size() == 1) {
            return tokens(name).contains(wanted.getFirst().toLowerCase(Locale.ROOT));
        }
        List<String> present = words(name);
        for (int from = 0; from + wanted.size() <= present.size(); from++) {
            boolean all = true;
            for (int index = 0; index < wanted.size() && all; index++) {
                String word = present.get(from + index);
                all = sensitive.get(index) ? word.equals(wanted.get(index)) : word.equalsIgnoreCase(wanted.get(index));
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static Stream<String> names(MetricKey metric) {
        return Stream.concat(
                Stream.of(metric.namespace(), metric.name()),
                metric.dimensions().entrySet().stream()
                        .flatMap(dimension -> Stream.of(dimension.getKey(), dimension.getValue())));
    }

    private static Stream<String> property(MetricKey metric, String property) {
        return switch (property) {
            case "MetricName" -> Stream.of(metric.name());
            case "Namespace" -> Stream.of(metric.namespace());
            default -> Stream.ofNullable(metric.dimensions().get(property));
        };
    }

    private static final class Parser {
        private final String text;
        private int at;
        private int depth;

        Parser(String text) {
            this.text = text;
        }

        SearchExpression search() {
            skipSpace();
            Optional<List<String>> schema = peek() == '{' ? Optional.of(schema()) : Optional.empty();
            skipSpace();
            if (peek() == ',') {
                at++;
            }
            skipSpace();
            if (at == text.length()) {
                if (schema.isEmpty()) {
                    throw new InvalidExpressionException("A search expression needs a metric schema or a search term.");
                }
                return new SearchExpression(schema, metric -> true);
            }
            Predicate<MetricKey> term = either();
            skipSpace();
            if (at < text.length()) {
                throw unexpected();
            }
            return new SearchExpression(schema, term);
        }

        private List<String> schema() {
            List<String> names = new ArrayList<>();
            do {
                at++;
                skipSpace();
                names.add(peek() == '"' ? quoted() : bare(",}"));
                skipSpace();
            } while (peek() == ',');
            if (peek() != '}') {
                throw new InvalidExpressionException("The metric schema of a search is not closed.");
            }
            at++;
            return names;
        }

        private Predicate<MetricKey> either() {
            if (++depth > DEEPEST) {
                throw new InvalidExpressionException("The search expression is nested too deeply.");
            }
            Predicate<MetricKey> found = all();
            while (word("OR")) {
                at += 2;
                found = found.or(all());
            }
            depth--;
            return found;
        }

        private Predicate<MetricKey> all() {
            Predicate<MetricKey> found = one();
            skipSpace();
            while (at < text.length() && peek() != ')' && !word("OR")) {
                if (word("AND")) {
                    at += 3;
                }
                found = found.and(one());
                skipSpace();
            }
            return found;
        }

        private Predicate<MetricKey> one() {
            skipSpace();
            if (word("NOT")) {
                at += 3;
                if (++depth > DEEPEST) {
                    throw new InvalidExpressionException("The search expression is nested too deeply.");
                }
                Predicate<MetricKey> inner = one();
                depth--;
                return inner.negate();
            }
            if (peek() == '(') {
                at++;
                Predicate<MetricKey> inner = either();
                skipSpace();
                if (peek() != ')') {
                    throw new InvalidExpressionException("A parenthesis of the search expression is not closed.");
                }
                at++;
                return inner;
            }
            if (peek() == '"') {
                String name = quoted();
                skipSpace();
                return peek() == '=' ? property(name) : exact(name);
            }
            String term = bare("=()\"");
            skipSpace();
            return peek() == '=' ? property(term) : metric -> names(metric).anyMatch(name -> matches(term, name));
        }

        private static Predicate<MetricKey> exact(String wanted) {
            return metric -> names(metric).anyMatch(wanted::equals);
        }

        private Predicate<MetricKey> property(String property) {
            at++;
            skipSpace();
            if (property.equals(":aws.AccountId")) {
                String account = peek() == '"' || peek() == '\'' ? quoted() : bare("=()\"");
                return metric -> account.equals("LOCAL") || metric.account().equals(account);
            }
            if (peek() == '"') {
                String value = quoted();
                return metric -> SearchExpression.property(metric, property).anyMatch(value::equals);
            }
            if (peek() == '(') {
                at++;
                skipSpace();
                List<Predicate<MetricKey>> values = new ArrayList<>();
                while (peek() != ')') {
                    values.add(value(property));
                    skipSpace();
                    if (word("OR")) {
                        at += 2;
                        skipSpace();
                    }
                    if (at == text.length()) {
                        throw new InvalidExpressionException("A parenthesis of the search expression is not closed.");
                    }
                }
                at++;
                return values.stream().reduce(Predicate::or).orElse(metric -> false);
            }
            return value(property);
        }

        private Predicate<MetricKey> value(String property) {
            if (peek() == '"') {
                String value = quoted();
                return metric -> SearchExpression.property(metric, property).anyMatch(value::equals);
            }
            String term = bare("=()\"");
            return metric -> SearchExpression.property(metric, property).anyMatch(name -> matches(term, name));
        }

        private String bare(String ends) {
            int begin = at;
            while (at < text.length()
                    && !Character.isWhitespace(text.charAt(at))
                    && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (begin == at) {
                throw at == text.length()
                        ? new InvalidExpressionException("The search expression ends where a term is expected.")
                        : unexpected();
            }
            return text.substring(begin, at);
        }

        private String quoted() {
            char quote = text.charAt(at++);
            StringBuilder inner = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                inner.append(text.charAt(at++));
            }
            if (at == text.length()) {
                throw new InvalidExpressionException("A string of the search expression is not closed.");
            }
            at++;
            return inner.toString();
        }

        private boolean word(String word) {
            skipSpace();
            return text.startsWith(word, at)
                    && (at + word.length() == text.length()
                            || !Character.isLetterOrDigit(text.charAt(at + word.length())));
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private InvalidExpressionException unexpected() {
            return new InvalidExpressionException(
                    "Unexpected character '" + text.charAt(at) + "' in the search expression.");
        }
    }
}
