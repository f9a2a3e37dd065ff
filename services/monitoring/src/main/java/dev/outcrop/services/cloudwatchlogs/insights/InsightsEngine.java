package dev.outcrop.services.cloudwatchlogs.insights;

import dev.outcrop.engines.logs.LogPatterns;
import dev.outcrop.engines.sql.DeepStack;
import dev.outcrop.engines.sql.SqlDatabase;
import dev.outcrop.engines.sql.SqlQuery;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunctionBuilder;

/** Runs queries in a DuckDB of their own, which reaches nothing but the events that a query is about. */
public final class InsightsEngine implements AutoCloseable {
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    private static final SqlDatabase.Limits LIMITS = new SqlDatabase.Limits(1024, THREADS, 0);
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int DECIMALS = 4;
    /** More events than that are a sample when patterns are looked for. */
    private static final int MOST_TEXTS = 1_000_000;

    private static final int MOST_PATTERNS = 1000;

    private final SqlDatabase database;
    private final EventTable table = new EventTable(THREADS);

    private InsightsEngine(SqlDatabase database) {
        this.database = database;
    }

    /** Opens the database, in memory. */
    public static InsightsEngine open() {
        try {
            SqlDatabase database = SqlDatabase.open(SqlDatabase.Source.inMemory(List.of(), Functions.macros()), LIMITS);
            InsightsEngine engine = new InsightsEngine(database);
            try (Connection connection = database.connect();
                    DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
                function.withName(EventTable.NAME)
                        .withParameter(Long.class)
                        .withProjectionPushdown()
                        .withFunction(engine.table)
                        .register(connection);
            }
            return engine;
        } catch (SQLException failure) {
            throw new IllegalStateException("log queries cannot be run", failure);
        }
    }

    /**
     * Reads a query.
     *
     * @throws MalformedInsightsQueryException if it is none
     */
    public Query parse(String text) {
        List<Command> commands = InsightsParser.parse(text);
        Query query = Query.of(commands);
        List<InsightsSql.Translation> translations = new ArrayList<>();
        String events = EventTable.NAME + "(0)";
        if (query.pattern().isPresent()) {
            Expression value = query.pattern().get().text();
            translations.add(InsightsSql.texts(query.before(), value, events, MOST_TEXTS));
            translations.add(InsightsSql.behind(List.of(), 0, query.behind(), 1));
        } else {
            translations.add(InsightsSql.translate(commands, events, 1));
        }
        List<String> regexes = new ArrayList<>();
        boolean unmasks = false;
        for (InsightsSql.Translation translation : translations) {
            regexes.addAll(translation.regexes());
            unmasks |= translation.unmasks();
        }
        if (!regexes.isEmpty()) {
            check(text, regexes);
        }
        return unmasks ? query.unmasking() : query;
    }

    private void check(String text, List<String> regexes) {
        DeepStack.call("log-query-check", LONGEST_CHECK, () -> {
            try (Connection connection = database.connect();
                    PreparedStatement statement = connection.prepareStatement("SELECT regexp_matches('', ?)")) {
                for (String regex : regexes) {
                    statement.setString(1, regex);
                    statement.executeQuery().close();
                }
                return null;
            } catch (SQLException invalid) {
                throw new MalformedInsightsQueryException("Invalid regular expression", 0, text.length());
            }
        });
    }

    /**
     * A query that can be run.
     *
     * @param before  the commands before patterns are looked for, or all of them
     * @param pattern the command that looks for patterns, if there is one
     * @param behind  the commands behind that
     * @param unmasks whether it shows what is masked
     */
    public record Query(
            List<Command> before, Optional<Command.Pattern> pattern, List<Command> behind, boolean unmasks) {
        private static Query of(List<Command> commands) {
            for (int i = 0; i < commands.size(); i++) {
                if (commands.get(i) instanceof Command.Pattern pattern) {
                    return new Query(
                            commands.subList(0, i),
                            Optional.of(pattern),
                            commands.subList(i + 1, commands.size()),
                            false);
                }
            }
            return new Query(commands, Optional.empty(), List.of(), false);
        }

        private Query unmasking() {
            return new Query(before, pattern, behind, true);
        }
    }

    /** A field of a result. */
    public record Value(String field, String text) {}

    /**
     * What came of a query.
     *
     * @param rows     the results; a field that has no value is not in them
     * @param pointers where the event of each row is; empty for rows that are no events
     */
    public record Results(List<List<Value>> rows, List<String> pointers, long matched, long scanned, long bytes) {}

    /**
     * Runs a query.
     *
     * @param limit   how many results there are at most, unless the query says so
     * @param proceed asked often; what it throws ends the query, and is thrown
     * @throws SQLException if it fails
     */
    public Results run(Query query, List<EventTable.Source> sources, int limit, Duration longest, Runnable proceed)
            throws SQLException {
        EventTable.Input input = new EventTable.Input(sources);
        long number = table.add(input);
        try {
            String events = EventTable.NAME + "(" + number + ")";
            return DeepStack.call("log-query", longest.plus(LONGEST_CHECK), () -> {
                        try (Connection connection = database.connect()) {
                            InsightsSql.Translation translation =
                                    query.pattern().isPresent()
                                            ? behindPatterns(connection, query, events, limit, longest, proceed)
                                            : InsightsSql.translate(query.before(), events, limit);
                            return Optional.of(results(connection, translation, input, longest, proceed));
                        } catch (SQLException failure) {
                            throw new QueryFailure(failure);
                        }
                    })
                    .orElseThrow();
        } catch (QueryFailure failure) {
            throw failure.reason;
        } finally {
            table.forget(number);
        }
    }

    private static InsightsSql.Translation behindPatterns(
            Connection connection, Query query, String events, int limit, Duration longest, Runnable proceed)
            throws SQLException {
        Expression text = query.pattern().orElseThrow().text();
        InsightsSql.Translation texts = InsightsSql.texts(query.before(), text, events, MOST_TEXTS);
        LogPatterns patterns = new SqlQuery(texts.sql(), longest, proceed).run(connection, result -> {
            LogPatterns found = new LogPatterns();
            while (result.next()) {
                String message = result.getString(1);
                if (message != null) {
                    found.add(message);
                }
            }
            return found;
        });
        List<LogPatterns.LogPattern> most =
                patterns.patterns().stream().limit(MOST_PATTERNS).toList();
        return InsightsSql.behind(most, patterns.count(), query.behind(), limit);
    }

    private static final class QueryFailure extends RuntimeException {
        private final SQLException reason;

        QueryFailure(SQLException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private static Results results(
            Connection connection,
            InsightsSql.Translation translation,
            EventTable.Input input,
            Duration longest,
            Runnable proceed)
            throws SQLException {
        List<List<Value>> rows = new ArrayList<>();
        List<String> pointers = new ArrayList<>();
        long[] matched = {0};
        int last = translation.columns().size() + 1;
        new SqlQuery(translation.sql(), longest, proceed).run(connection, result -> {
            while (result.next()) {
                rows.add(row(result, translation.columns()));
                if (translation.aggregated()) {
                    matched[0] = result.getLong(last);
                } else {
                    pointers.add(result.getString(last));
                }
            }
            return null;
        });
        long scanned = input.events();
        long bytes = input.bytes();
        if (translation.counting().isPresent()) {
            matched[0] = new SqlQuery(translation.counting().get(), longest, proceed).run(connection, result -> {
                result.next();
                return result.getLong(1);
            });
        } else if (!translation.aggregated()) {
            matched[0] = scanned;
        }
        return new Results(rows, pointers, matched[0], scanned, bytes);
    }

    private static List<Value> row(ResultSet result, Map<String, Sql.Type> columns) throws SQLException {
        List<Value> row = new ArrayList<>();
        int column = 1;
        for (Map.Entry<String, Sql.Type> field : columns.entrySet()) {
            Object value = result.getObject(column++);
            if (value != null) {
                row.add(new Value(field.getKey(), text(value, field.getValue())));
            }
        }
        return row;
    }

    private static String text(Object value, Sql.Type type) {
        return switch (type) {
            case TIME -> TIME.format(Instant.ofEpochMilli(((Number) value).longValue()));
            case NUMBER -> number(((Number) value).doubleValue());
            case BOOLEAN -> Boolean.TRUE.equals(value) ? "1" : "0";
            case TEXT, ANY -> value.toString();
        };
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        return BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (SQLException failure) {
            throw new IllegalStateException("the database of log queries was not closed well", failure);
        }
    }
}
