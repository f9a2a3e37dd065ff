package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one writer of a SQLite file. Transactions that arrive while the disk is busy with a commit are committed together,
 * each in a savepoint of its own, so that one that fails takes none along; a caller is answered when the commit that
 * holds its changes is on disk.
 */
final class GroupCommit implements AutoCloseable {
    private static final int LARGEST_GROUP = 256;
    private static final int QUEUE_LENGTH = 4096;
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final Statements statements;
    private final Consumer<List<RecordKey>> changed;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final Thread thread;
    private volatile boolean closing;

    /**
     * A writer.
     *
     * @param changed told of the keys that were changed, or may have been, before anybody is answered
     */
    GroupCommit(String name, Connection connection, Consumer<List<RecordKey>> changed) {
        statements = new Statements(connection);
        this.changed = changed;
        thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Runs {@code body} on the writer's thread; returns when its changes are on disk. */
    <T> T write(Function<Statements, T> body) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a transaction must not begin another one");
        }
        Pending<T> pending = new Pending<>(body);
        try {
            if (closing || !queue.offer(pending, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new StorageException(closing ? "storage is closed" : "storage has too much to write");
            }
            return pending.future.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new StorageException("storage could not write", failure.getCause());
            }
        } catch (TimeoutException failure) {
            throw new StorageException("storage did not write within " + LONGEST_WAIT_SECONDS + " s", failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while writing", failure);
        }
    }

    private void run() {
        List<Pending<?>> group = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Pending<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, LARGEST_GROUP - 1);
                    commit(group);
                }
            } catch (InterruptedException stop) {
                closing = true;
            }
            group.clear();
        }
    }

    private void commit(List<Pending<?>> group) {
        try (Statement control = statements.connection().createStatement()) {
            control.execute("BEGIN IMMEDIATE");
            try {
                for (Pending<?> pending : group) {
                    runInSavepoint(control, pending);
                }
                control.execute("COMMIT");
            } catch (SQLException | RuntimeException | Error failure) {
                rollBack(control, failure);
                throw failure;
            }
            changed.accept(statements.takeChanged());
            group.forEach(Pending::succeed);
        } catch (SQLException failure) {
            fail(group, Statements.failed("commit", failure));
        } catch (RuntimeException | Error failure) {
            fail(group, failure);
        }
    }

    private void runInSavepoint(Statement control, Pending<?> pending) throws SQLException {
        int changedBefore = statements.changedCount();
        control.execute("SAVEPOINT one");
        try {
            pending.run(statements);
        } catch (RuntimeException | Error failure) {
            try {
                control.execute("ROLLBACK TO one");
            } catch (SQLException rolledBack) {
                // On a full disk SQLite may have rolled back all by itself; then the whole group has failed of that.
                failure.addSuppressed(rolledBack);
                throw failure;
            }
            statements.forgetChanged(changedBefore);
            pending.failure = failure;
        }
        control.execute("RELEASE one");
    }

    private static void rollBack(Statement control, Throwable failure) {
        try {
            control.execute("ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            failure.addSuppressed(alreadyRolledBack);
        }
    }

    private void fail(List<Pending<?>> group, Throwable failure) {
        // A commit that fails may have come to the disk all the same.
        changed.accept(statements.takeChanged());
        group.forEach(pending -> pending.future.completeExceptionally(failure));
    }

    @Override
    public void close() {
        closing = true;
        var _ = queue.offer(new Pending<>(_ -> null)); // Wakes the writer, so that it need not wait for more to do.
        try {
            thread.join(TimeUnit.SECONDS.toMillis(LONGEST_WAIT_SECONDS));
            statements.close();
            statements.connection().close();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } catch (SQLException failure) {
            throw Statements.failed("close", failure);
        }
        // Whoever slipped in between the last look at the queue and the closing is told, not left waiting.
        for (Pending<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.future.completeExceptionally(new StorageException("storage is closed"));
        }
    }

    private static final class Pending<T> {
        private final Function<Statements, T> body;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private T result;
        private Throwable failure;

        Pending(Function<Statements, T> body) {
            this.body = body;
        }

        void run(Statements statements) {
            result = body.apply(statements);
        }

        void succeed() {
            if (failure == null) {
                future.complete(result);
            } else {
                future.completeExceptionally(failure);
            }
        }
    }
}
