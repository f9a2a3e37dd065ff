package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** The journal in PostgreSQL, shared by several servers. */
final class PostgresJournal implements Journal {
    /** Any number that nobody else takes for a lock of PostgreSQL's. */
    private static final long APPENDING = 0x6A6F75726E616CL;

    private final DataSource database;

    PostgresJournal(DataSource database) {
        this.database = database;
    }

    @Override
    public void append(List<JournalEntry> entries) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                takeTurn(connection);
                JournalStatements.append(connection, entries);
                connection.commit();
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw Statements.failed("write the journal", failure);
        }
    }

    /** Waits until no other transaction appends; the turn ends with this one. */
    private static void takeTurn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + APPENDING + ")");
        }
    }

    @Override
    public List<Place> arrivals(String kind, long after, int limit) {
        try (Connection connection = database.getConnection()) {
            return JournalStatements.arrivals(connection, kind, after, limit);
        } catch (SQLException failure) {
            throw Statements.failed("read the journal", failure);
        }
    }

    @Override
    public long lastArrival(String kind) {
        try (Connection connection = database.getConnection()) {
            return JournalStatements.lastArrival(connection, kind);
        } catch (SQLException failure) {
            throw Statements.failed("read the journal", failure);
        }
    }

    @Override
    public long deleteBefore(String kind, Instant time, int most) {
        try (Connection connection = database.getConnection()) {
            return JournalStatements.deleteBefore(connection, kind, time, most);
        } catch (SQLException failure) {
            throw Statements.failed("shorten the journal", failure);
        }
    }

    @Override
    public void close() {
        // The database is closed by whoever opened it.
    }
}
