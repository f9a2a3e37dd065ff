package dev.outcrop.engines.sql;

import dev.outcrop.engines.web.Reach;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The tables of a PostgreSQL database that its user finds without naming a schema. Queries run in read-only transactions
 * with a limit of time, call none but known functions, and are parsed by DuckDB before PostgreSQL sees them.
 */
public final class PostgresTables implements QueriedDatabase {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofMinutes(11);
    private static final Pattern NOTHING = Pattern.compile("(?!)");
    private static final Pattern LETTERS = Pattern.compile("\\w+");

    /** What computes and does nothing else; PostgreSQL has functions that read files and call other servers. */
    private static final Set<String> FUNCTIONS =
            Set.of(("count count_star sum avg min max stddev variance median mode string_agg array_agg bool_and bool_or"
                            + " row_number rank dense_rank percent_rank ntile lag lead first_value last_value nth_value"
                            + " percentile_cont percentile_disc corr abs ceil ceiling floor round trunc sign sqrt power exp ln log"
                            + " mod div greatest least coalesce nullif lower upper initcap length char_length substring substr"
                            + " trim ltrim rtrim btrim replace concat concat_ws position strpos left right lpad rpad reverse"
                            + " split_part to_char to_date to_timestamp to_number date_trunc date_part extract year month day"
                            + " hour minute second week quarter dow doy epoch now current_date current_timestamp age make_date"
                            + " date_add date_sub date_diff regexp_replace regexp_matches ilike like case not and or"
                            + " is_null isnull between cast list_value array_length unnest list_contains contains prefix suffix"
                            + " add subtract multiply divide")
                    .split(" "));

    private final PGSimpleDataSource source;
    private final SqlDatabase parser;

    private PostgresTables(PGSimpleDataSource source, SqlDatabase parser) {
        this.source = source;
        this.parser = parser;
    }

    /**
     * Where a database is.
     *
     * @param tls   whether the server must prove who it is by a certificate that the JVM trusts
     * @param reach which hosts may be called
     */
    public record Settings(
            String host, int port, String database, String user, String password, boolean tls, Reach reach) {
        @Override
        public String toString() {
            return database + " at " + host + ":" + port;
        }
    }

    /**
     * A database; its server is first called when it is asked.
     *
     * @throws SQLException if the server may not be called
     */
    public static PostgresTables open(Settings settings) throws SQLException {
        try {
            if (!settings.reach().allows(settings.host())) {
                throw new SQLException("The host " + settings.host() + " is at an address that may not be called");
            }
        } catch (UnknownHostException unknown) {
            throw new SQLException("The host " + settings.host() + " is not known", unknown);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {settings.host()});
        source.setPortNumbers(new int[] {settings.port()});
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setSslMode(settings.tls() ? "verify-full" : "prefer");
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) ANSWER.toSeconds());
        source.setReadOnly(true);
        source.setApplicationName("outcrop");
        return new PostgresTables(
                source,
                SqlDatabase.open(SqlDatabase.Source.inMemory(List.of(), List.of()), new SqlDatabase.Limits(128, 1, 0)));
    }

    /** What is done in one transaction that can change nothing. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T reading(Duration longest, Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + longest.toMillis());
            }
            try {
                return work.on(connection);
            } finally {
                connection.rollback();
            }
        }
    }

    @Override
    public List<Table> tables() throws SQLException {
        return reading(LONGEST_LOOK, connection -> {
            try (PreparedStatement query = connection.prepareStatement("SELECT table_name, column_name, data_type"
                            + " FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))"
                            + " ORDER BY table_name, ordinal_position");
                    ResultSet columns = query.executeQuery()) {
                return ReadRows.tables(columns);
            }
        });
    }

    @Override
    public void check(String sql, Set<String> readable) throws RefusedSqlException, SQLException {
        SelectStatement statement =
                SelectStatement.read(SqlText.checked(sql, NOTHING, UnaryOperator.identity()), parser::parse);
        statement.onlyReads(readable);
        Optional<String> unknown = statement.functions().stream()
                .filter(function -> LETTERS.matcher(function).matches() && !FUNCTIONS.contains(function))
                .findFirst();
        if (unknown.isPresent()) {
            throw new RefusedSqlException("The function " + unknown.get() + " is not supported.");
        }
        Optional<String> refusal = reading(LONGEST_LOOK, connection -> {
            try (Statement explanation = connection.createStatement();
                    ResultSet plan = explanation.executeQuery("EXPLAIN " + sql)) {
                plan.next();
                return Optional.empty();
            } catch (SQLException misunderstood) {
                // Class 42 is what is wrong with the query itself.
                if (misunderstood.getSQLState() != null
                        && misunderstood.getSQLState().startsWith("42")) {
                    return Optional.of(misunderstood.getMessage());
                }
                throw misunderstood;
            }
        });
        if (refusal.isPresent()) {
            throw new RefusedSqlException(refusal.get());
        }
    }

    @Override
    public Rows run(String sql, int most, Duration longest) throws SQLException {
        return reading(longest, connection -> {
            try (Statement query = connection.createStatement()) {
                query.setMaxRows(most);
                try (ResultSet rows = query.executeQuery(sql)) {
                    return ReadRows.of(rows, most);
                }
            }
        });
    }

    @Override
    public void close() throws SQLException {
        parser.close();
    }
}
