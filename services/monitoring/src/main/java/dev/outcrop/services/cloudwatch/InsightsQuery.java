package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query of Metrics Insights: {@code SELECT AVG(Latency) FROM SCHEMA("Shop", Page) WHERE Page != 'home' GROUP BY Page
 * ORDER BY MAX() DESC LIMIT 5}.
 *
 * <p>Source: "Metrics Insights query components and syntax", Amazon CloudWatch user guide.
 *
 * @param function   which statistic of each group
 * @param metric     the metric's name
 * @param namespace  its namespace
 * @param schema     the names of all its dimensions, where the query says them
 * @param condition  what {@code WHERE} says
 * @param groups     the dimensions whose values have a series each
 * @param order      what the series are ordered by, over the whole range, where the query says it
 * @param descending whether the greatest comes first
 * @param limit      the most series
 */
record InsightsQuery(
        Function function,
        String metric,
        String namespace,
        Optional<Set<String>> schema,
        Predicate<MetricKey> condition,
        List<String> groups,
        Optional<Function> order,
        boolean descending,
        int limit) {
    /** The most series that a query gives. */
    static final int MOST_SERIES = 500;

    private static final Pattern TOKEN = Pattern.compile("\\s*(\"[^\"]*\"|'[^']*'|!=|[=(),]|[A-Za-z0-9_.:/#*-]+)");

    /** A function of Metrics Insights. */
    enum Function {
        AVG,
        COUNT,
        MAX,
        MIN,
        SUM;

        double of(Summary summary) {
            return switch (this) {
                case AVG -> summary.average();
                case COUNT -> summary.count();
                case MAX -> summary.maximum();
                case MIN -> summary.minimum();
                case SUM -> summary.sum();
            };
        }
    }

    boolean finds(MetricKey key) {
        return key.namespace().equals(namespace)
                && key.name().equals(metric)
                && (schema.isEmpty() || key.dimensions().keySet().equals(schema.get()))
                && key.dimensions().keySet().containsAll(groups)
                && condition.test(key);
    }

    /** The values by which the series of {@code key} is grouped. */
    List<String> group(MetricKey key) {
        return groups.stream().map(name -> key.dimensions().get(name)).toList();
    }

    /**
     * The query that {@code text} is.
     *
     * @throws InvalidExpressionException if it is none
     */
    static InsightsQuery parse(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text.strip());
        int at = 0;
        while (at < text.strip().length()) {
            if (!matcher.find() || matcher.start() != at) {
                throw new InvalidExpressionException("The query has an unexpected character at position " + at + ".");
            }
            tokens.add(matcher.group(1));
            at = matcher.end();
        }
        return new Parser(tokens).query();
    }

    private static final class Parser {
        private final List<String> tokens;
        private int at;

        Parser(List<String> tokens) {
            this.tokens = tokens;
        }

        InsightsQuery query() {
            keyword("SELECT");
            Function function = function();
            expect("(");
            String metric = name();
            expect(")");
            keyword("FROM");
            Optional<Set<String>> schema = Optional.empty();
            String namespace;
            if (isKeyword("SCHEMA")) {
                at++;
                expect("(");
                List<String> names = names();
                namespace = names.getFirst();
                schema = Optional.of(Set.copyOf(names.subList(1, names.size())));
                expect(")");
            } else {
                namespace = name();
            }
            Predicate<MetricKey> condition = key -> true;
            if (isKeyword("WHERE")) {
                do {
                    at++;
                    condition = condition.and(comparison());
                } while (isKeyword("AND"));
            }
            List<String> groups = List.of();
            if (isKeyword("GROUP")) {
                at++;
                keyword("BY");
                groups = names();
            }
            Optional<Function> order = Optional.empty();
            boolean descending = false;
            if (isKeyword("ORDER")) {
                at++;
                keyword("BY");
                order = Optional.of(function());
                expect("(");
                expect(")");
                descending = isKeyword("DESC");
                if (descending || isKeyword("ASC")) {
                    at++;
                }
            }
            int limit = MOST_SERIES;
            if (isKeyword("LIMIT")) {
                at++;
                limit = limit();
            }
            if (at < tokens.size()) {
                throw new InvalidExpressionException("\"" + tokens.get(at) + "\" is not expected in the query.");
            }
            return new InsightsQuery(function, metric, namespace, schema, condition, groups, order, descending, limit);
        }

        private int limit() {
            String number = next();
            if (!number.matches("\\d{1,3}") || Integer.parseInt(number) < 1 || Integer.parseInt(number) > MOST_SERIES) {
                throw new InvalidExpressionException("LIMIT must be between 1 and " + MOST_SERIES + ".");
            }
            return Integer.parseInt(number);
        }

        private Predicate<MetricKey> comparison() {
            String name = name();
            String operator = next();
            if (!operator.equals("=") && !operator.equals("!=")) {
                throw new InvalidExpressionException("WHERE compares by = or !=, not by \"" + operator + "\".");
            }
            String value = name();
            boolean same = operator.equals("=");
            return key -> key.dimensions().containsKey(name)
                    && key.dimensions().get(name).equals(value) == same;
        }

        private List<String> names() {
            List<String> names = new ArrayList<>();
            names.add(name());
            while (at < tokens.size() && tokens.get(at).equals(",")) {
                at++;
                names.add(name());
            }
            return names;
        }

        private Function function() {
            String name = next().toUpperCase(Locale.ROOT);
            for (Function function : Function.values()) {
                if (function.name().equals(name)) {
                    return function;
                }
            }
            throw new InvalidExpressionException("\"" + name + "\" is not a function of Metrics Insights.");
        }

        private String name() {
            String token = next();
            char first = token.charAt(0);
            if (first == '"' || first == '\'') {
                return token.substring(1, token.length() - 1);
            }
            if (!Character.isLetterOrDigit(first) && first != '_') {
                throw new InvalidExpressionException("A name is expected in the query, not \"" + token + "\".");
            }
            return token;
        }

        private boolean isKeyword(String word) {
            return at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
        }

        private void keyword(String word) {
            if (!next().equalsIgnoreCase(word)) {
                throw new InvalidExpressionException(word + " is expected in the query.");
            }
        }

        private void expect(String token) {
            if (!next().equals(token)) {
                throw new InvalidExpressionException("'" + token + "' is expected in the query.");
            }
        }

        private String next() {
            if (at == tokens.size()) {
                throw new InvalidExpressionException("The query ends where something is expected.");
            }
            return tokens.get(at++);
        }
    }
}
