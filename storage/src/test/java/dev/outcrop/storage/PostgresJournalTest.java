package dev.outcrop.storage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresJournalTest extends JournalContract {
    private static PostgresDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = PostgresServer.database(4);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Override
    Journal journal() {
        return database.journal();
    }
}
