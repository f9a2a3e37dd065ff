package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The SQL of the journal, which SQLite and PostgreSQL both understand. */
final class JournalStatements {
    private JournalStatements() {}

    /**
     * Adds entries. Only one connection may do so at a time, or sequences would become visible out of their order.
     * Whoever calls has opened a transaction and ends it.
     */
    static void append(Connection connection, List<JournalEntry> entries) throws SQLException {
        Map<String, Long> last = new HashMap<>();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO journal (kind, account, time, sequence, body) VALUES (?, ?, ?, ?, ?)")) {
            for (JournalEntry entry : entries) {
                Long before = last.get(entry.kind());
                long sequence = before == null ? firstFree(connection, entry.kind()) : before + 1;
                last.put(entry.kind(), sequence);
                insert.setString(1, entry.kind());
                insert.setString(2, entry.account());
                insert.setLong(3, entry.time().toEpochMilli());
                insert.setLong(4, sequence);
                insert.setBytes(5, entry.body());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Sequences follow the clock, too, so that they go on upwards when all entries of a kind were dropped. */
    private static long firstFree(Connection connection, String kind) throws SQLException {
        return Math.max(lastArrival(connection, kind) + 1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    static long lastArrival(Connection connection, String kind) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT max(sequence) FROM journal WHERE kind = ?")) {
            select.setString(1, kind);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    static List<Journal.Place> arrivals(Connection connection, String kind, long after, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT account, time, sequence, body FROM journal WHERE kind = ? AND sequence > ?"
                        + " ORDER BY sequence LIMIT ?")) {
            select.setString(1, kind);
            select.setLong(2, after);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                List<Journal.Place> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new Journal.Place(
                            new JournalEntry(
                                    kind, rows.getString(1), Instant.ofEpochMilli(rows.getLong(2)), rows.getBytes(4)),
                            rows.getLong(3)));
                }
                return found;
            }
        }
    }

    static List<Journal.Place> read(Connection connection, Journal.JournalQuery query) throws SQLException {
        String after = query.before().isPresent() ? " AND (time, sequence) < (?, ?)" : "";
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT time, sequence, body FROM journal WHERE kind = ? AND account = ? AND time >= ? AND time < ?"
                        + after + " ORDER BY time DESC, sequence DESC LIMIT ?")) {
            int next = 1;
            select.setString(next++, query.kind());
            select.setString(next++, query.account());
            select.setLong(next++, query.from().toEpochMilli());
            select.setLong(next++, query.to().toEpochMilli());
            if (query.before().isPresent()) {
                Journal.Place place = query.before().get();
                select.setLong(next++, place.entry().time().toEpochMilli());
                select.setLong(next++, place.sequence());
            }
            select.setInt(next, query.limit());
            try (ResultSet rows = select.executeQuery()) {
                List<Journal.Place> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new Journal.Place(
                            new JournalEntry(
                                    query.kind(),
                                    query.account(),
                                    Instant.ofEpochMilli(rows.getLong(1)),
                                    rows.getBytes(3)),
                            rows.getLong(2)));
                }
                return found;
            }
        }
    }

    /** Goes from account to account, since the key begins with them; nothing that stays is read. */
    static long deleteBefore(Connection connection, String kind, Instant time, int most) throws SQLException {
        long deleted = 0;
        Optional<String> account = firstAccount(connection, kind);
        while (account.isPresent() && deleted < most) {
            deleted += deleteBefore(connection, kind, account.get(), time, most - deleted);
            account = accountAfter(connection, kind, account.get());
        }
        return deleted;
    }

    private static long deleteBefore(Connection connection, String kind, String account, Instant time, long most)
            throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM journal WHERE (kind, account, time, sequence) IN (SELECT kind, account, time, sequence"
                        + " FROM journal WHERE kind = ? AND account = ? AND time < ? ORDER BY time LIMIT ?)")) {
            delete.setString(1, kind);
            delete.setString(2, account);
            delete.setLong(3, time.toEpochMilli());
            delete.setLong(4, most);
            return delete.executeLargeUpdate();
        }
    }

    private static Optional<String> firstAccount(Connection connection, String kind) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT min(account) FROM journal WHERE kind = ?")) {
            select.setString(1, kind);
            return text(select);
        }
    }

    private static Optional<String> accountAfter(Connection connection, String kind, String account)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT min(account) FROM journal WHERE kind = ? AND account > ?")) {
            select.setString(1, kind);
            select.setString(2, account);
            return text(select);
        }
    }

    private static Optional<String> text(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }
}
