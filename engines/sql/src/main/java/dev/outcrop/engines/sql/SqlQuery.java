package dev.outcrop.engines.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A query that ends when its time is over, or when it is told to. It is run on a {@link DeepStack}.
 *
 * @param sql     what DuckDB runs
 * @param longest how long that may take, reading of the rows included
 * @param proceed asked a few times a second; whatever it throws ends the query, and is thrown by it
 */
public record SqlQuery(String sql, Duration longest, Runnable proceed) {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    /** Reads rows. */
    @FunctionalInterface
    public interface RowReader<T, E extends Exception> {
        /** What is made of all of the rows, which can be read as long as this goes on. */
        T read(ResultSet rows) throws SQLException, E;
    }

    /**
     * Runs it.
     *
     * @throws SQLTimeoutException if it took too long
     * @throws SQLException        if DuckDB says so; its message is for whoever wrote the query
     */
    public <T, E extends Exception> T run(Connection connection, RowReader<T, E> reader) throws SQLException, E {
        AtomicReference<RuntimeException> stopped = new AtomicReference<>();
        AtomicBoolean late = new AtomicBoolean();
        try (Statement statement = connection.createStatement()) {
            Thread watch = Thread.ofVirtual().name("query-watch").start(() -> watch(statement, stopped, late));
            try (ResultSet rows = statement.executeQuery(sql)) {
                return reader.read(rows);
            } catch (SQLException failure) {
                RuntimeException reason = stopped.get();
                if (reason != null) {
                    throw reason;
                }
                if (late.get()) {
                    throw new SQLTimeoutException("The query ran for more than " + words(longest), failure);
                }
                throw failure;
            } finally {
                watch.interrupt();
            }
        }
    }

    private static String words(Duration time) {
        return time.toMinutes() > 0 ? time.toMinutes() + " minutes" : time.toSeconds() + " seconds";
    }

    private void watch(Statement statement, AtomicReference<RuntimeException> stopped, AtomicBoolean late) {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                Thread.sleep(LOOK_INTERVAL);
                proceed.run();
            }
            late.set(true);
        } catch (InterruptedException ended) {
            return;
        } catch (RuntimeException reason) {
            stopped.set(reason);
        }
        try {
            statement.cancel();
        } catch (SQLException gone) {
            // It had ended when it was cancelled.
            return;
        }
    }
}
