package dev.outcrop.storage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresJournalTest extends JournalContract {
    private static PostgresServer server;
    private static PostgresDatabase database;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
        database = PostgresDatabase.open(server.url(), "postgres", "", 4);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        server.close();
    }

    @Override
    Journal journal() {
        return database.journal();
    }
}
