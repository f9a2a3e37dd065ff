package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The SQL of the journal, which SQLite and PostgreSQL both understand. */
final class JournalStatements {
    private static final int BLOCKS_AT_ONCE = 32;

    private JournalStatements() {}

    /**
     * Adds entries. Only one connection may do so at a time, or sequences would become visible out of their order.
     * Whoever calls has opened a transaction and ends it.
     */
    static void append(Connection connection, List<JournalEntry> entries) throws SQLException {
        Map<String, List<JournalEntry>> byKind = new LinkedHashMap<>();
        entries.forEach(entry ->
                byKind.computeIfAbsent(entry.kind(), _ -> new ArrayList<>()).add(entry));
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO journal (kind, sequence, entries, latest, account, body) VALUES (?, ?, ?, ?, ?, ?)")) {
            for (Map.Entry<String, List<JournalEntry>> kind : byKind.entrySet()) {
                for (JournalBlock block : JournalBlock.pack(kind.getValue(), firstFree(connection, kind.getKey()))) {
                    insert.setString(1, block.kind());
                    insert.setLong(2, block.sequence());
                    insert.setInt(3, block.entries());
                    insert.setLong(4, block.latest().toEpochMilli());
                    insert.setString(5, block.account().orElse(null));
                    insert.setBytes(6, block.body());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** Sequences follow the clock, too, so that they go on upwards when all entries of a kind were dropped. */
    private static long firstFree(Connection connection, String kind) throws SQLException {
        return Math.max(lastArrival(connection, kind) + 1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    static long lastArrival(Connection connection, String kind) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT sequence + entries - 1 FROM journal WHERE kind = ? ORDER BY sequence DESC LIMIT 1")) {
            select.setString(1, kind);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    static List<Journal.Place> arrivals(Connection connection, String kind, long after, int limit) throws SQLException {
        List<Journal.Place> found = new ArrayList<>();
        long from = blockBehind(connection, kind, after);
        List<JournalBlock> blocks;
        do {
            blocks = blocks(connection, kind, from, Math.min(limit, BLOCKS_AT_ONCE));
            for (JournalBlock block : blocks) {
                if (found.size() >= limit) {
                    break;
                }
                block.places().stream()
                        .filter(place -> place.sequence() > after)
                        .limit(limit - found.size())
                        .forEach(found::add);
                from = block.last() + 1;
            }
        } while (found.size() < limit && blocks.size() == BLOCKS_AT_ONCE);
        return found;
    }

    /** The sequence of the block that begins at {@code sequence} or before it and ends behind it; else the next one. */
    private static long blockBehind(Connection connection, String kind, long sequence) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT sequence, entries FROM journal"
                + " WHERE kind = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1")) {
            select.setString(1, kind);
            select.setLong(2, sequence);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) + row.getLong(2) - 1 > sequence ? row.getLong(1) : sequence + 1;
            }
        }
    }

    private static List<JournalBlock> blocks(Connection connection, String kind, long from, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT sequence, entries, latest, account, body FROM journal WHERE kind = ? AND sequence >= ?"
                        + " ORDER BY sequence LIMIT ?")) {
            select.setString(1, kind);
            select.setLong(2, from);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                List<JournalBlock> blocks = new ArrayList<>();
                while (rows.next()) {
                    blocks.add(new JournalBlock(
                            kind,
                            rows.getLong(1),
                            rows.getInt(2),
                            Instant.ofEpochMilli(rows.getLong(3)),
                            Optional.ofNullable(rows.getString(4)),
                            rows.getBytes(5)));
                }
                return blocks;
            }
        }
    }

    static long deleteBefore(Connection connection, String kind, Instant time, int most) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM journal WHERE kind = ? AND sequence IN (SELECT sequence FROM journal"
                        + " WHERE kind = ? AND latest < ? ORDER BY latest LIMIT ?)")) {
            delete.setString(1, kind);
            delete.setString(2, kind);
            delete.setLong(3, time.toEpochMilli());
            delete.setInt(4, most);
            return delete.executeLargeUpdate();
        }
    }
}
