package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRecordsTest extends RecordsContract {
    @TempDir
    private Path folder;

    private SqliteRecords records;

    @BeforeEach
    void open() {
        records = SqliteRecords.open(folder.resolve("records.db"));
    }

    @AfterEach
    void close() {
        records.close();
    }

    @Override
    Records records() {
        return records;
    }

    @Test
    void findsEverythingAgainAfterAClose() {
        insert("one", Optional.empty(), Instant.EPOCH);

        records.close();
        records = SqliteRecords.open(folder.resolve("records.db"));

        assertThat(records.get(key("one"))).isPresent();
    }

    @Test
    void refusesToWriteOnceClosed() {
        records.close();

        assertThatThrownBy(() -> insert("one", Optional.empty(), Instant.EPOCH)).isInstanceOf(StorageException.class);
        records = SqliteRecords.open(folder.resolve("records.db"));
    }

    /** SQLite takes a full disk and a limit of pages for the same. */
    @Test
    void losesNothingOnAFullDiskAndGoesOnWhenThereIsRoomAgain() {
        limitPages(200);
        List<String> acknowledged = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();

        for (int i = 0; i < 400; i++) {
            String id = "full-" + i;
            try {
                records.write(transaction -> {
                    transaction.insert(key(id), "", Optional.empty(), Instant.EPOCH, new byte[3000]);
                    return null;
                });
                acknowledged.add(id);
            } catch (RuntimeException full) {
                failures.add(full);
            }
        }
        limitPages(1_000_000);
        insert("after", Optional.empty(), Instant.EPOCH);

        assertThat(failures)
                .hasSizeGreaterThan(100)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(StorageUnavailableException.class)
                        .hasMessageContaining("disk is full"));
        assertThat(acknowledged)
                .hasSizeGreaterThan(10)
                .allSatisfy(id -> assertThat(records.get(key(id))).isPresent());
        assertThat(records.get(key("full-399"))).isEmpty();
        assertThat(records.get(key("after"))).isPresent();
    }

    /** SQLite takes a connection that may only read for a disk that can only be read. */
    @Test
    void saysThatItCannotWriteOnAReadOnlyDiskAndGoesOnWhenItCanAgain() throws SQLException {
        insert("before", Optional.empty(), Instant.EPOCH);
        Connection writer = records.write(transaction -> ((Statements) transaction).connection());
        try (Statement statement = writer.createStatement()) {
            statement.execute("PRAGMA query_only = ON");

            assertThatThrownBy(() -> insert("lost", Optional.empty(), Instant.EPOCH))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("the disk cannot be written");

            assertThat(records.get(key("before"))).isPresent();
            statement.execute("PRAGMA query_only = OFF");
        }
        insert("after", Optional.empty(), Instant.EPOCH);
        assertThat(records.get(key("after"))).isPresent();
        assertThat(records.get(key("lost"))).isEmpty();
    }

    private void limitPages(int pages) {
        records.write(transaction -> {
            try (Statement statement = ((Statements) transaction).connection().createStatement()) {
                return statement.execute("PRAGMA max_page_count = " + pages);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }
}
