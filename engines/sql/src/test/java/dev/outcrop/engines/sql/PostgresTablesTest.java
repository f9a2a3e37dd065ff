package dev.outcrop.engines.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sql.QueriedDatabase.Cell;
import dev.outcrop.engines.sql.QueriedDatabase.Column;
import dev.outcrop.engines.sql.QueriedDatabase.Kind;
import dev.outcrop.engines.sql.QueriedDatabase.Rows;
import dev.outcrop.engines.sql.QueriedDatabase.Table;
import dev.outcrop.engines.web.Reach;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTablesTest {
    private static final Set<String> READABLE = Set.of("parts");
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static EmbeddedPostgres server;
    private static PostgresTables tables;

    @BeforeAll
    static void open() throws Exception {
        server = EmbeddedPostgres.builder().start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE parts (name text, amount int, price numeric, sold boolean)");
            statement.execute("CREATE TABLE secrets (word text)");
            statement.execute("INSERT INTO parts VALUES ('bolt', 4, 1.5, true), ('nut', 38, NULL, false)");
        }
        tables = PostgresTables.open(new PostgresTables.Settings(
                "localhost", server.getPort(), "postgres", "postgres", "", false, Reach.BEYOND_LINK));
    }

    @AfterAll
    static void close() throws Exception {
        tables.close();
        server.close();
    }

    @Test
    void tellsItsTablesAndColumns() throws SQLException {
        assertThat(tables.tables())
                .contains(new Table("secrets", List.of(new Column("word", "text"))))
                .extracting(Table::name)
                .containsExactly("parts", "secrets");
    }

    @Test
    void readsRowsWithTheirKinds() throws Exception {
        String sql = "SELECT name, sum(amount) AS total, max(price), bool_or(sold) FROM parts GROUP BY name"
                + " ORDER BY name DESC";
        tables.check(sql, READABLE);

        Rows rows = tables.run(sql, 10, LONGEST);

        assertThat(rows.columns()).containsExactly("name", "total", "max", "bool_or");
        assertThat(rows.rows().getFirst())
                .containsExactly(
                        new Cell(Kind.STRING, "nut"),
                        new Cell(Kind.LONG, "38"),
                        new Cell(Kind.NULL, ""),
                        new Cell(Kind.BOOLEAN, "false"));
        assertThat(tables.run(sql, 1, LONGEST).rows()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT p.name, rank() OVER (ORDER BY p.amount DESC) FROM parts p WHERE p.name ILIKE '%t'",
                "WITH big AS (SELECT * FROM parts WHERE amount > 5) SELECT count(*) FROM big",
                "SELECT CASE WHEN sold THEN round(price, 1) ELSE 0 END FROM parts WHERE amount BETWEEN 1 AND 50",
                "SELECT name FROM parts WHERE amount = (SELECT max(amount) FROM parts) OR price IS NULL"
            })
    void takesWhatReadsItsTables(String sql) {
        assertThatCode(() -> tables.check(sql, READABLE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE parts",
                "UPDATE parts SET amount = 0",
                "SELECT * FROM parts; DELETE FROM parts",
                "SELECT * INTO copied FROM parts",
                "WITH gone AS (DELETE FROM parts RETURNING *) SELECT * FROM gone",
                "SELECT word FROM secrets",
                "SELECT * FROM parts UNION SELECT word, 1, 1, true FROM secrets",
                "SELECT * FROM pg_catalog.pg_authid",
                "SELECT rolpassword FROM pg_authid",
                "SELECT pg_read_file('/etc/passwd') FROM parts",
                "SELECT pg_sleep(100) FROM parts",
                "SELECT lo_import('/etc/passwd') FROM parts",
                "SELECT set_config('statement_timeout', '0', false) FROM parts",
                "SELECT query_to_xml('SELECT word FROM secrets', true, true, '') FROM parts",
                "SELECT dblink_connect('host=example.org') FROM parts",
                "SELECT $$a$$ FROM parts",
                "SELECT price FROM parts GROUP BY name",
                "SELECT size FROM parts"
            })
    void refusesWhatDoesAnythingElse(String sql) {
        assertThatThrownBy(() -> tables.check(sql, READABLE)).isInstanceOf(RefusedSqlException.class);
    }

    @Test
    void changesNothingAndEndsInTimeEvenIfItIsNotChecked() {
        assertThatThrownBy(() -> tables.run("DELETE FROM parts RETURNING *", 1, LONGEST))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> tables.run("SELECT pg_sleep(20)", 1, Duration.ofMillis(300)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("statement timeout");
    }

    @Test
    void callsNoServerOfTheMachinesOwnLink() {
        assertThatThrownBy(() -> PostgresTables.open(new PostgresTables.Settings(
                        "169.254.169.254", 5432, "postgres", "postgres", "", false, Reach.BEYOND_LINK)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("may not be called");
    }
}
