package dev.outcrop.engines.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Tables that are files (CSV, JSON lines, Parquet), read by DuckDB, which reaches nothing else. */
public final class FileTables implements QueriedDatabase {
    private static final SqlDatabase.Limits LIMITS = new SqlDatabase.Limits(512, 2, 0);
    private static final Duration LONGEST_EXPLANATION = Duration.ofSeconds(30);
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private final SqlDatabase database;

    private FileTables(SqlDatabase database) {
        this.database = database;
    }

    /** How files are read. */
    public enum Form {
        CSV("read_csv"),
        JSON_LINES("read_json"),
        PARQUET("read_parquet");

        private final String function;

        Form(String function) {
            this.function = function;
        }

        /** The form that a file's name says, by what follows its last dot. */
        public static Optional<Form> ofName(String name) {
            return switch (name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
                case "csv", "tsv" -> Optional.of(CSV);
                case "json", "jsonl", "ndjson" -> Optional.of(JSON_LINES);
                case "parquet" -> Optional.of(PARQUET);
                default -> Optional.empty();
            };
        }
    }

    /** A file that is a table. */
    public record Source(Path file, Form form) {}

    /**
     * Opens files.
     *
     * @param tables by the names that they get
     * @throws SQLException if one cannot be read
     */
    public static FileTables open(Map<String, Source> tables) throws SQLException {
        List<Path> files = new ArrayList<>();
        List<String> preparation = new ArrayList<>();
        tables.forEach((name, source) -> {
            files.add(source.file());
            preparation.add("CREATE VIEW " + SqlDatabase.name(name) + " AS SELECT * FROM " + source.form().function
                    + "(" + SqlDatabase.text(source.file().toString()) + ")");
        });
        return new FileTables(SqlDatabase.open(SqlDatabase.Source.inMemory(files, preparation), LIMITS));
    }

    @Override
    public List<Table> tables() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery("SELECT table_name, column_name, data_type"
                        + " FROM information_schema.columns WHERE table_schema = 'main'"
                        + " ORDER BY table_name, ordinal_position")) {
            return ReadRows.tables(columns);
        }
    }

    @Override
    public void check(String sql, Set<String> readable) throws RefusedSqlException, SQLException {
        SelectStatement.read(SqlText.checked(sql, NOTHING, UnaryOperator.identity()), database::parse)
                .onlyReads(readable);
        try (Connection connection = database.connect()) {
            new SqlQuery("EXPLAIN " + sql, LONGEST_EXPLANATION, () -> {})
                    .<Boolean, RuntimeException>run(connection, ResultSet::next);
        } catch (SQLException misunderstood) {
            throw new RefusedSqlException(misunderstood.getMessage());
        }
    }

    @Override
    public Rows run(String sql, int most, Duration longest) throws SQLException {
        try (Connection connection = database.connect()) {
            return new SqlQuery(sql, longest, () -> {})
                    .<Rows, RuntimeException>run(connection, rows -> ReadRows.of(rows, most));
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
