package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sql.RefusedSqlException;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeStatementTest {
    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String OTHER = "ffffffff-0000-4000-8000-000000000002";

    @TempDir
    private static Path path;

    private static DataFolder folder;
    private static Journal journal;
    private static Lake lake;

    @BeforeAll
    static void open() {
        folder = DataFolder.open(path);
        journal = folder.journal();
        lake = new Lake(path, new StoreEvents(journal));
    }

    @AfterAll
    static void close() {
        lake.close();
        journal.close();
        folder.close();
    }

    @Test
    void quotesTheIdsOfStoresOutsideOfTextsAndComments() throws Exception {
        LakeStatement statement = read("SELECT '" + OTHER + "' -- " + OTHER + "\nFROM " + ID.toUpperCase(Locale.ROOT)
                + " /* " + OTHER + " */ WHERE 'it''s' <> \"eventName\"");

        assertThat(statement.stores()).containsExactly(ID);
        assertThat(statement.sql()).contains("FROM \"" + ID + "\"").contains("'" + OTHER + "'");
    }

    @Test
    void namesAllStoresThatAreRead() throws Exception {
        LakeStatement statement =
                read("WITH first AS (SELECT * FROM " + ID + ") SELECT * FROM first UNION ALL SELECT * FROM \"" + OTHER
                        + "\" WHERE eventID IN (SELECT eventID FROM " + ID + ")");

        assertThat(statement.stores()).containsExactlyInAnyOrder(ID, OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM '/etc/passwd'",
                "SELECT * FROM ID, read_text('/etc/passwd')",
                "COPY (SELECT * FROM ID) TO '/tmp/out.csv'",
                "DROP TABLE ID",
                "SELECT * FROM ID; DROP TABLE ID",
                "ATTACH '/tmp/x.db'",
                "INSTALL httpfs",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM house.followed",
                "SELECT * FROM information_schema.tables",
                "WITH followed AS (SELECT 1) SELECT * FROM house.followed",
                "WITH duckdb_tables AS (SELECT 1) SELECT * FROM ID, duckdb_tables",
                "SELECT current_setting('memory_limit') FROM ID",
                "SELECT getenv('HOME') FROM ID",
                "SELECT * FROM query('SELECT 1')",
                "SELECT * FROM ID, query_table('followed')",
                "SELECT 1",
                "SHOW TABLES",
                "DESCRIBE ID",
                "PRAGMA database_list",
                "SET memory_limit = '10GB'",
                "SELECT * FROM 00000000-0000-0000-0000-000000000000, nothing",
                "SELECT 'unclosed FROM ID",
                "SELECT $1 FROM ID",
                "not SQL at all",
            })
    void refusesWhatIsNoQueryOfAStore(String statement) {
        assertThatThrownBy(() -> read(statement.replace("ID", ID))).isInstanceOf(RefusedSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "NOT ", "- ", "[", "CASE WHEN true THEN ", "SELECT (", "{'a': ", "1 + ("})
    void refusesWhatIsNestedTooDeepForAnyParser(String opening) {
        String deep = "SELECT " + opening.repeat(9000 / opening.length()) + "1 FROM " + ID;

        assertThatThrownBy(() -> read(deep)).isInstanceOf(RefusedSqlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "NOT ",
                "- ",
                "[",
                "CASE WHEN true THEN ",
                "1 OR ",
                "1 AND ",
                "1 || ",
                "1 * ",
                "a.",
                "(SELECT (",
                "'' LIKE "
            })
    void survivesWhatGoesAsDeepAsMayBe(String opening) throws InterruptedException {
        String deep = "SELECT " + opening.repeat(Math.min(9000 / opening.length(), 499)) + "1 FROM " + ID;
        String deeper = "SELECT " + opening.repeat(9000 / opening.length()) + "1 FROM " + ID;

        // As a call does, on a virtual thread.
        Thread.ofVirtual()
                .start(() -> {
                    for (String statement : new String[] {deep, deeper}) {
                        try {
                            read(statement);
                        } catch (RefusedSqlException refused) {
                            assertThat(refused).hasMessageNotContaining("Exception");
                        }
                    }
                })
                .join();
    }

    private static LakeStatement read(String text) throws RefusedSqlException {
        return LakeStatement.read(text, lake::parse);
    }
}
