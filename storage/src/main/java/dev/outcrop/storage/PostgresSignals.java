package dev.outcrop.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers on one PostgreSQL which records changed, and waits until all of them have heard.
 *
 * <p>A change is announced by NOTIFY in its own transaction. Every server answers what it hears with another NOTIFY. A
 * server that is listening says so in {@code listeners} every two seconds; one that has not for ten seconds is not
 * waited for, and has to forget what it cached when it is back.
 */
final class PostgresSignals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);
    private static final String CHANGES = "outcrop_changes";
    private static final String HEARD = "outcrop_heard";
    private static final String FIELD = "\u001f";
    private static final int POLL_MILLIS = 250;
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LONGEST_SILENCE_SECONDS = 10;

    private final String server = UUID.randomUUID().toString();
    private final HikariDataSource database;
    private final Watchers watchers;
    private final ConcurrentMap<String, Set<String>> heard = new ConcurrentHashMap<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;

    PostgresSignals(HikariDataSource database, Watchers watchers) {
        this.database = database;
        this.watchers = watchers;
        thread = Thread.ofPlatform()
                .name("outcrop-records-listener")
                .daemon(true)
                .start(this::run);
        try {
            if (!listening.await(30, TimeUnit.SECONDS)) {
                throw new StorageException("PostgreSQL did not take LISTEN within 30 s");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while connecting", interruption);
        }
    }

    /** Announces {@code keys} when the transaction of {@code connection} commits; gives the announcement's id. */
    String announce(Connection connection, List<RecordKey> keys) throws SQLException {
        String change = UUID.randomUUID().toString();
        if (!keys.isEmpty()) {
            heard.put(change, ConcurrentHashMap.newKeySet());
            for (RecordKey key : keys) {
                notify(
                        connection,
                        CHANGES,
                        String.join(FIELD, server, change, key.type(), key.account(), key.region(), key.id()));
            }
        }
        return change;
    }

    /** Waits until every other server that is alive has heard of {@code change}, ten seconds at most. */
    void awaitHeard(String change, List<RecordKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SILENCE_SECONDS);
            Set<String> answered = heard.get(change);
            Set<String> others = others();
            while (!answered.containsAll(others) && System.nanoTime() < deadline) {
                synchronized (heard) {
                    if (!answered.containsAll(others)) {
                        heard.wait(POLL_MILLIS);
                    }
                }
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } finally {
            heard.remove(change);
        }
    }

    private Set<String> others() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT server FROM listeners WHERE alive_at > now() - interval '"
                                + LONGEST_SILENCE_SECONDS + " seconds'")) {
            Set<String> others = new HashSet<>();
            while (rows.next()) {
                others.add(rows.getString(1));
            }
            others.remove(server);
            return others;
        } catch (SQLException failure) {
            throw Statements.failed("read which servers listen", failure);
        }
    }

    private void run() {
        boolean first = true;
        while (!closing) {
            try (Connection connection = database.getConnection()) {
                listen(connection, first);
            } catch (SQLException failure) {
                LOG.warn("the news of other servers is interrupted: {}", failure.getMessage());
                rest();
            }
            first = false;
        }
    }

    private void listen(Connection connection, boolean first) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANGES);
            statement.execute("LISTEN " + HEARD);
        }
        beat(connection);
        if (!first) {
            watchers.lost();
        }
        listening.countDown();
        PGConnection notifications = connection.unwrap(PGConnection.class);
        long lastBeat = System.nanoTime();
        while (!closing) {
            PGNotification[] received = notifications.getNotifications(POLL_MILLIS);
            for (PGNotification notification : received == null ? new PGNotification[0] : received) {
                hear(connection, notification);
            }
            long now = System.nanoTime();
            if (now - lastBeat > TimeUnit.SECONDS.toNanos(LONGEST_SILENCE_SECONDS)) {
                watchers.lost(); // The others may have stopped waiting for this server meanwhile.
            }
            if (now - lastBeat > HEARTBEAT_NANOS) {
                beat(connection);
                lastBeat = now;
            }
        }
        try (PreparedStatement leave = connection.prepareStatement("DELETE FROM listeners WHERE server = ?")) {
            leave.setString(1, server);
            leave.executeUpdate();
        }
    }

    private void hear(Connection connection, PGNotification notification) throws SQLException {
        String[] fields = notification.getParameter().split(FIELD, -1);
        if (notification.getName().equals(HEARD) && fields.length == 2) {
            Set<String> answered = heard.get(fields[0]);
            if (answered != null) {
                answered.add(fields[1]);
                synchronized (heard) {
                    heard.notifyAll();
                }
            }
        } else if (notification.getName().equals(CHANGES) && fields.length == 6 && !fields[0].equals(server)) {
            watchers.tell(List.of(new RecordKey(fields[2], fields[3], fields[4], fields[5])));
            notify(connection, HEARD, fields[1] + FIELD + server);
        }
    }

    private void beat(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO listeners (server, alive_at)"
                + " VALUES (?, now()) ON CONFLICT (server) DO UPDATE SET alive_at = now()")) {
            statement.setString(1, server);
            statement.executeUpdate();
        }
    }

    private static void notify(Connection connection, String channel, String payload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }

    private void rest() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException interruption) {
            closing = true;
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
