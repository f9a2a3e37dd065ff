package dev.outcrop.engines.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * A DuckDB in which the SQL of strangers runs: without files but those that it is opened for, without network, with
 * settings that cannot be changed, within limits of memory. Results are read while they are made. Safe for concurrent
 * use, each thread with a connection of its own.
 */
public final class SqlDatabase implements AutoCloseable {
    private static final String LARGEST_LOG = "128MB";
    private static final Duration LONGEST_PARSING = Duration.ofSeconds(30);

    private final DuckDBConnection first;

    private SqlDatabase(DuckDBConnection first) {
        this.first = first;
    }

    /**
     * How much it may use.
     *
     * @param memoryMegabytes what it keeps in memory at most, in 10^6 bytes
     * @param spillMegabytes  what it writes beside its file at most where that is too little; a database in memory
     *                        writes nothing
     */
    public record Limits(int memoryMegabytes, int threads, int spillMegabytes) {}

    /** What it is, but for its limits. */
    public record Source(Optional<Path> file, List<Path> readable, List<String> preparation) {
        /** Shared, and never changed. */
        public Source {
            readable = List.copyOf(readable);
            preparation = List.copyOf(preparation);
        }

        /**
         * A database that is kept in {@code file}, which is made if it is missing.
         *
         * @param preparation what is executed first, such as its own tables and macros
         */
        public static Source of(Path file, List<String> preparation) {
            return new Source(Optional.of(file), List.of(), preparation);
        }

        /** A database in memory, whose statements may read {@code readable}, and no other files. */
        public static Source inMemory(List<Path> readable, List<String> preparation) {
            return new Source(Optional.empty(), readable, preparation);
        }
    }

    /**
     * Opens a database and locks it down.
     *
     * @throws SQLException if the file is damaged, or in use by another process
     */
    public static SqlDatabase open(Source source, Limits limits) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        String url = "jdbc:duckdb:" + source.file().map(Path::toString).orElse("");
        DuckDBConnection connection = (DuckDBConnection) DriverManager.getConnection(url, settings);
        try (Statement statement = connection.createStatement()) {
            for (String prepared : source.preparation()) {
                statement.execute(prepared);
            }
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET autoload_known_extensions = false");
            statement.execute("SET memory_limit = '" + limits.memoryMegabytes() + "MB'");
            statement.execute("SET threads = " + limits.threads());
            if (source.file().isPresent()) {
                statement.execute("SET max_temp_directory_size = '" + limits.spillMegabytes() + "MB'");
                statement.execute("SET checkpoint_threshold = '" + LARGEST_LOG + "'");
            } else {
                // Without a file of its own it would spill into the working folder.
                statement.execute("SET temp_directory = ''");
            }
            statement.execute("SET preserve_insertion_order = " + source.file().isEmpty());
            if (!source.readable().isEmpty()) {
                statement.execute("SET allowed_paths = ["
                        + source.readable().stream().map(SqlDatabase::quoted).collect(Collectors.joining(", ")) + "]");
            }
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
            return new SqlDatabase(connection);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    private static String quoted(Path path) {
        return text(path.toString());
    }

    /** {@code text} as SQL writes it. */
    public static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** {@code name} as SQL writes the name of a table or column, whatever is in it. */
    public static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A connection for one piece of work, to be closed; what is temporary in it is forgotten with it. */
    public DuckDBConnection connect() throws SQLException {
        return first.duplicate();
    }

    /**
     * DuckDB's parse tree of a statement, or what is wrong with it, as the JSON of {@code json_serialize_sql}.
     *
     * @throws IllegalStateException if that takes too long, or the database was closed
     */
    public String parse(String sql) {
        return DeepStack.call("sql-parser", LONGEST_PARSING, () -> parsed(sql));
    }

    private String parsed(String sql) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement("SELECT json_serialize_sql(?)")) {
            statement.setString(1, sql);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("a query cannot be parsed", failure);
        }
    }

    @Override
    public void close() throws SQLException {
        first.close();
    }
}
