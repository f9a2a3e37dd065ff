package dev.outcrop.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Records in PostgreSQL 15 or newer, shared by several servers: transactions are serializable and tried again. */
public final class PostgresRecords implements Records {
    private static final int ATTEMPTS = 20;

    private final HikariDataSource database;
    private final Watchers watchers = new Watchers();
    private final PostgresSignals signals;

    PostgresRecords(PostgresDatabase database) {
        this.database = database.pool();
        signals = new PostgresSignals(this.database, watchers);
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) {
        return read(statements -> statements.get(key));
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
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(body);
            } catch (StorageException failure) {
                if (attempt == ATTEMPTS || !isConflict(failure)) {
                    throw failure;
                }
                rest(attempt);
            }
        }
    }

    @Override
    public void watch(String type, Consumer<RecordKey> listener, Runnable lost) {
        watchers.add(type, listener, lost);
    }

    private <T> T attempt(Function<RecordTransaction, T> body) {
        List<RecordKey> changed;
        String change;
        T result;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            try (Statements statements = new Statements(connection)) {
                result = body.apply(statements);
                changed = statements.takeChanged().stream()
                        .filter(key -> watchers.watches(key.type()))
                        .toList();
                change = signals.announce(connection, changed);
                connection.commit();
            } catch (SQLException | RuntimeException | Error failure) {
                connection.rollback();
                throw failure;
            }
        } catch (SQLException failure) {
            throw Statements.failed("write", failure);
        }
        watchers.tell(changed);
        signals.awaitHeard(change, changed);
        return result;
    }

    private <T> T read(Function<Statements, T> body) {
        try (Connection connection = database.getConnection();
                Statements statements = new Statements(connection)) {
            return body.apply(statements);
        } catch (SQLException failure) {
            throw Statements.failed("read", failure);
        }
    }

    /** Serialization failures and deadlocks, after which PostgreSQL's manual says to try again. */
    private static boolean isConflict(StorageException failure) {
        return failure.getCause() instanceof SQLException cause
                && ("40001".equals(cause.getSQLState()) || "40P01".equals(cause.getSQLState()));
    }

    private static void rest(int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(1, 4L + attempt * 4L));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while writing", interruption);
        }
    }

    @Override
    public void close() {
        signals.close();
    }
}
