package dev.outcrop.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Records in a SQLite file: one writer that commits in groups, and several readers that it never blocks. */
public final class SqliteRecords implements Records {
    private static final int READERS = 4;
    private static final int NEWEST_MIGRATION = 1;

    private final Watchers watchers = new Watchers();
    private final RecordCache cache = new RecordCache();
    private final BlockingQueue<Statements> readers = new ArrayBlockingQueue<>(READERS);
    private final GroupCommit writer;

    private SqliteRecords(SqliteDatabase database) throws SQLException {
        writer = new GroupCommit("outcrop-records-writer", database.writer(), this::changed);
        for (int i = 0; i < READERS; i++) {
            readers.add(new Statements(database.reader()));
        }
    }

    /** Opens or creates {@code file}, bringing it to this version's schema. */
    public static SqliteRecords open(Path file) {
        SqliteDatabase database = new SqliteDatabase(file);
        Migrations.apply(database.source(), "sqlite/records", NEWEST_MIGRATION);
        try {
            return new SqliteRecords(database);
        } catch (SQLException failure) {
            throw Statements.failed("open " + file, failure);
        }
    }

    private void changed(List<RecordKey> keys) {
        cache.drop(keys);
        watchers.tell(keys);
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) {
        return cache.get(key, wanted -> read(statements -> statements.get(wanted)));
    }

    @Override
    public Optional<StoredRecord> named(String type, String account, String region, String parent, String name) {
        return read(statements -> statements.named(type, account, region, parent, name));
    }

    @Override
    public List<StoredRecord> list(RecordQuery query) {
        return read(statements -> statements.list(query));
    }

    @Override
    public <T> T write(Function<RecordTransaction, T> body) {
        return writer.write(body::apply);
    }

    @Override
    public void watch(String type, Consumer<RecordKey> listener, Runnable lost) {
        watchers.add(type, listener, lost);
    }

    private <T> T read(Function<Statements, T> body) {
        try {
            Statements reader = readers.poll(30, TimeUnit.SECONDS);
            if (reader == null) {
                throw new StorageException("no reader of the records became free, or they are closed");
            }
            try {
                return body.apply(reader);
            } finally {
                readers.add(reader);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while reading", interruption);
        }
    }

    @Override
    public void close() {
        writer.close();
        for (int i = 0; i < READERS; i++) {
            try {
                Statements reader = readers.poll(10, TimeUnit.SECONDS);
                if (reader != null) {
                    reader.close();
                    reader.connection().close();
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            } catch (SQLException failure) {
                throw Statements.failed("close", failure);
            }
        }
    }
}
