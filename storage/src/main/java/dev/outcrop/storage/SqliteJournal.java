package dev.outcrop.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The journal in a SQLite file of its own, so that it never waits for the records nor they for it. */
public final class SqliteJournal implements Journal {
    private static final int NEWEST_MIGRATION = 2;

    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();
    private final Connection writer;
    private final Connection reader;

    private SqliteJournal(SqliteDatabase database) throws SQLException {
        writer = database.writer();
        reader = database.reader();
    }

    /** Opens or creates {@code file}, bringing it to this version's schema. */
    public static SqliteJournal open(Path file) {
        SqliteDatabase database = new SqliteDatabase(file);
        Migrations.apply(database.source(), "sqlite/journal", NEWEST_MIGRATION);
        try {
            return new SqliteJournal(database);
        } catch (SQLException failure) {
            throw Statements.failed("open " + file, failure);
        }
    }

    @Override
    public void append(List<JournalEntry> entries) {
        writing.lock();
        try {
            writer.setAutoCommit(false);
            try {
                JournalStatements.append(writer, entries);
                writer.commit();
            } catch (SQLException | RuntimeException failure) {
                writer.rollback();
                throw failure;
            } finally {
                writer.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw Statements.failed("write the journal", failure);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<Place> arrivals(String kind, long after, int limit) {
        reading.lock();
        try {
            return JournalStatements.arrivals(reader, kind, after, limit);
        } catch (SQLException failure) {
            throw Statements.failed("read the journal", failure);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public long lastArrival(String kind) {
        reading.lock();
        try {
            return JournalStatements.lastArrival(reader, kind);
        } catch (SQLException failure) {
            throw Statements.failed("read the journal", failure);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public long deleteBefore(String kind, Instant time, int most) {
        writing.lock();
        try {
            return JournalStatements.deleteBefore(writer, kind, time, most);
        } catch (SQLException failure) {
            throw Statements.failed("shorten the journal", failure);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
            writer.close();
        } catch (SQLException failure) {
            throw Statements.failed("close the journal", failure);
        }
    }
}
