package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** The journal in PostgreSQL, shared by several servers. */
final class PostgresJournal implements Journal {
    private final DataSource database;

    PostgresJournal(DataSource database) {
        this.database = database;
    }

    @Override
    public void append(List<JournalEntry> entries) {
        try (Connection connection = database.getConnection()) {
            JournalStatements.append(connection, entries);
        } catch (SQLException failure) {
            throw Statements.failed("write the journal", failure);
        }
    }

    @Override
    public List<Place> read(JournalQuery query) {
        try (Connection connection = database.getConnection()) {
            return JournalStatements.read(connection, query);
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
