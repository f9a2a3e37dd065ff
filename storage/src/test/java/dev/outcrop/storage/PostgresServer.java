package dev.outcrop.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/**
 * A PostgreSQL of the oldest version that is supported, from Maven's packages, shared by the tests of one process and
 * ended with it. PostgreSQL refuses to run as root; where the tests do, the package starts it in a user namespace.
 */
final class PostgresServer {
    private static EmbeddedPostgres server;

    private PostgresServer() {}

    /** Opens the database of the server, which is started the first time. */
    static synchronized PostgresDatabase database(int connections) throws IOException {
        if (server == null) {
            server = EmbeddedPostgres.builder().start();
        }
        return PostgresDatabase.open(server.getJdbcUrl("postgres", "postgres"), "postgres", "", connections);
    }
}
