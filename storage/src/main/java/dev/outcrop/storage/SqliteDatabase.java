package dev.outcrop.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** One SQLite file in write-ahead mode, where a commit is on disk when it returns ({@code synchronous = FULL}). */
final class SqliteDatabase {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    private final SQLiteDataSource source;

    SqliteDatabase(Path file) {
        SQLiteConfig configuration = new SQLiteConfig();
        configuration.setJournalMode(SQLiteConfig.JournalMode.WAL);
        configuration.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        configuration.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        configuration.enforceForeignKeys(true);
        source = new SQLiteDataSource(configuration);
        source.setUrl("jdbc:sqlite:" + file);
    }

    SQLiteDataSource source() {
        return source;
    }

    Connection writer() throws SQLException {
        return source.getConnection();
    }

    Connection reader() throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        return connection;
    }
}
