package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresRecordsTest extends RecordsContract {
    private static PostgresDatabase database;
    private static Records records;

    @BeforeAll
    static void start() throws Exception {
        database = PostgresServer.database(8);
        records = database.records();
    }

    @AfterAll
    static void stop() {
        records.close();
        database.close();
    }

    @Override
    Records records() {
        return records;
    }

    @Test
    void anotherServerHasHeardOfAChangeWhenItIsAcknowledged() throws Exception {
        List<RecordKey> told = new CopyOnWriteArrayList<>();
        try (PostgresDatabase second = PostgresServer.database(4);
                Records others = second.records()) {
            others.watch(key("one").type(), told::add, () -> {});
            records.watch(key("one").type(), key -> {}, () -> {});

            insert("one", Optional.empty(), Instant.EPOCH);

            assertThat(told).containsExactly(key("one"));
        }
    }
}
