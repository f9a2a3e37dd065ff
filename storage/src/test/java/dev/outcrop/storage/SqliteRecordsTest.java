package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
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
}
