package dev.outcrop.engines.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlDatabaseTest {
    private static final SqlDatabase.Limits LIMITS = new SqlDatabase.Limits(256, 2, 64);
    /** Never ends by itself. */
    private static final String ENDLESS =
            "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a.range * b.range % 7 = c.range";

    @TempDir
    private static Path folder;

    private static Path readable;
    private static Path secret;
    private static SqlDatabase database;

    @BeforeAll
    static void open() throws Exception {
        readable = Files.writeString(folder.resolve("it's readable.csv"), "a,b\n1,2\n");
        secret = Files.writeString(folder.resolve("secret.csv"), "a\nsecret\n");
        database = SqlDatabase.open(
                SqlDatabase.Source.inMemory(List.of(readable), List.of("CREATE TABLE numbers AS SELECT 1 AS one")),
                LIMITS);
    }

    @AfterAll
    static void close() throws SQLException {
        database.close();
    }

    @Test
    void readsWhatItWasOpenedFor() throws SQLException {
        assertThat(first("SELECT a + b FROM read_csv(" + SqlDatabase.text(readable.toString()) + ")"))
                .isEqualTo("3");
    }

    @Test
    void keepsWhatWasPreparedInAFile() throws SQLException {
        Path file = folder.resolve("kept.duckdb");
        SqlDatabase.open(SqlDatabase.Source.of(file, List.of("CREATE TABLE kept AS SELECT 42 AS kept")), LIMITS)
                .close();

        try (SqlDatabase again = SqlDatabase.open(SqlDatabase.Source.of(file, List.of()), LIMITS);
                Connection connection = again.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT kept FROM kept")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('SECRET')",
                "SELECT * FROM read_text('SECRET')",
                "SELECT * FROM 'SECRET'",
                "SELECT * FROM glob('FOLDER/*')",
                "COPY numbers TO 'FOLDER/out.csv'",
                "ATTACH 'FOLDER/other.duckdb'",
                "EXPORT DATABASE 'FOLDER/export'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SELECT * FROM read_csv('http://localhost:1/x.csv')",
                "SET enable_external_access = true",
                "SET memory_limit = '100GB'",
                "SET allowed_paths = ['SECRET']",
                "RESET lock_configuration",
            })
    void reachesNoOtherFilesNetworkOrSettings(String sql) {
        String filled = sql.replace("SECRET", secret.toString()).replace("FOLDER", folder.toString());

        assertThatThrownBy(() -> first(filled)).isInstanceOf(SQLException.class);
    }

    @Test
    void endsAQueryWhoseTimeIsOver() {
        SqlQuery query = new SqlQuery(ENDLESS, Duration.ofMillis(300), () -> {});

        assertThatThrownBy(() -> run(query))
                .isInstanceOf(SQLTimeoutException.class)
                .hasMessageContaining("ran for more than");
    }

    @Test
    void endsAQueryThatIsStopped() {
        SqlQuery query = new SqlQuery(ENDLESS, Duration.ofMinutes(5), () -> {
            throw new UnsupportedOperationException("stopped");
        });

        assertThatThrownBy(() -> run(query))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("stopped");
    }

    @Test
    void refusesWhatNeedsMoreMemoryThanItMayHave() {
        assertThatThrownBy(() -> first("SELECT list(range) FROM range(500000000)"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void tellsTheTablesThatAStatementReads() throws RefusedSqlException {
        SelectStatement statement = SelectStatement.read(
                "WITH mine AS (SELECT * FROM Numbers) SELECT * FROM mine, (SELECT 1 FROM others)", database::parse);

        assertThat(statement.tables()).containsExactlyInAnyOrder("numbers", "others");
    }

    @Test
    void replacesNamesOutsideOfTextsAndComments() throws RefusedSqlException {
        String checked = SqlText.checked("a 'a' \"a\" /* a */ ba a --a", Pattern.compile("a"), name -> "z");

        assertThat(checked).isEqualTo("z 'a' \"a\" /* a */ ba z --a");
    }

    private static Object run(SqlQuery query) throws SQLException {
        try (Connection connection = database.connect()) {
            return query.run(connection, rows -> {
                rows.next();
                return rows.getObject(1);
            });
        }
    }

    private static String first(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH gone AS (DELETE FROM numbers RETURNING *) SELECT * FROM gone",
                "WITH changed AS (UPDATE numbers SET one = 2 RETURNING *) SELECT * FROM changed",
                "WITH added AS (INSERT INTO numbers VALUES (2) RETURNING *) SELECT * FROM added",
                "SELECT * FROM (WITH gone AS (DELETE FROM numbers RETURNING *) SELECT * FROM gone)",
                "SELECT 1 UNION ALL (WITH gone AS (DELETE FROM numbers RETURNING *) SELECT * FROM gone)"
            })
    void aSelectThatChangesDataInAPartOfItIsNone(String sql) {
        assertThatThrownBy(() -> SelectStatement.read(sql, database::parse)).isInstanceOf(RefusedSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH RECURSIVE steps AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM steps WHERE n < 3) SELECT * FROM steps",
                "SELECT one FROM numbers UNION SELECT 2 EXCEPT SELECT 3",
                "WITH a AS (SELECT one FROM numbers), b AS (SELECT * FROM a) SELECT * FROM a, b"
            })
    void partsOfASelectMayBeSelects(String sql) throws RefusedSqlException {
        assertThat(SelectStatement.read(sql, database::parse).tables()).isSubsetOf("numbers");
    }
}
