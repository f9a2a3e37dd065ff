package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SQL of records on one connection. SQLite and PostgreSQL understand the same. Prepared statements are kept, so this
 * lives as long as its connection; used by one thread at a time.
 */
final class Statements implements RecordTransaction, AutoCloseable {
    private static final String COLUMNS =
            "SELECT type, account, region, id, parent, name, version, created_at, updated_at, body FROM records ";
    private static final String BY_KEY = "type = ? AND account = ? AND region = ? AND id = ?";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_READ_ONLY = 8;
    private static final int SQLITE_INPUT_OUTPUT = 10;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANNOT_OPEN = 14;
    private static final String POSTGRES_DISK_FULL = "53100";
    private static final String POSTGRES_READ_ONLY = "25006";

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final List<RecordKey> changed = new ArrayList<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** The keys changed since this was last asked. */
    List<RecordKey> takeChanged() {
        List<RecordKey> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    void forgetChanged(int keep) {
        changed.subList(keep, changed.size()).clear();
    }

    int changedCount() {
        return changed.size();
    }

    @Override
    public Optional<StoredRecord> get(RecordKey key) {
        return first(COLUMNS + "WHERE " + BY_KEY, key.type(), key.account(), key.region(), key.id());
    }

    @Override
    public Optional<StoredRecord> named(String type, String account, String region, String parent, String name) {
        return first(
                COLUMNS + "WHERE type = ? AND account = ? AND region = ? AND parent = ? AND name = ?",
                type,
                account,
                region,
                parent,
                name);
    }

    @Override
    public List<StoredRecord> list(RecordQuery query) {
        StringBuilder sql = new StringBuilder(COLUMNS).append("WHERE type = ?");
        List<Object> parameters = new ArrayList<>();
        parameters.add(query.type());
        narrow(sql, parameters, "account", query.account());
        narrow(sql, parameters, "region", query.region());
        narrow(sql, parameters, "parent", query.parent());
        boolean byId = query.order() == RecordQuery.Order.ID;
        boolean descending = query.order() == RecordQuery.Order.NEWEST_FIRST;
        String columns = byId ? "account, region, id" : "created_at, account, region, id";
        query.after().ifPresent(cursor -> {
            sql.append(" AND (").append(columns).append(descending ? ") < (" : ") > (");
            sql.append(byId ? "?, ?, ?)" : "?, ?, ?, ?)");
            if (!byId) {
                parameters.add(cursor.createdAt().toEpochMilli());
            }
            parameters.add(cursor.account());
            parameters.add(cursor.region());
            parameters.add(cursor.id());
        });
        sql.append(" ORDER BY ").append(descending ? columns.replace(",", " DESC,") + " DESC" : columns);
        sql.append(" LIMIT ?");
        parameters.add(query.limit());
        return query(sql.toString(), parameters.toArray());
    }

    private static void narrow(StringBuilder sql, List<Object> parameters, String column, Optional<String> value) {
        value.ifPresent(wanted -> {
            sql.append(" AND ").append(column).append(" = ?");
            parameters.add(wanted);
        });
    }

    @Override
    public void insert(RecordKey key, String parent, Optional<String> name, Instant createdAt, byte[] body) {
        // A refused INSERT would end a PostgreSQL transaction; one that does nothing can be told by its count.
        int inserted = update(
                "INSERT INTO records (type, account, region, id, parent, name, version, created_at, updated_at, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING",
                key.type(),
                key.account(),
                key.region(),
                key.id(),
                parent,
                name.orElse(null),
                createdAt.toEpochMilli(),
                createdAt.toEpochMilli(),
                body);
        if (inserted == 0) {
            throw new DuplicateRecordException(key + " or its name " + name.orElse("(none)") + " exists already");
        }
        changed.add(key);
    }

    @Override
    public void update(RecordKey key, long version, Optional<String> name, Instant updatedAt, byte[] body) {
        int updated = update(
                "UPDATE records SET version = version + 1, name = ?, updated_at = ?, body = ? WHERE " + BY_KEY
                        + " AND version = ?",
                name.orElse(null),
                updatedAt.toEpochMilli(),
                body,
                key.type(),
                key.account(),
                key.region(),
                key.id(),
                version);
        if (updated == 0) {
            throw new StaleRecordException(key + " is not at version " + version + " any more");
        }
        changed.add(key);
    }

    @Override
    public boolean delete(RecordKey key) {
        boolean deleted =
                update("DELETE FROM records WHERE " + BY_KEY, key.type(), key.account(), key.region(), key.id()) > 0;
        if (deleted) {
            changed.add(key);
        }
        return deleted;
    }

    @Override
    public int deleteCreatedBefore(String type, Instant instant, int limit) {
        String sql =
                "DELETE FROM records WHERE (type, account, region, id) IN (SELECT type, account, region, id FROM records"
                        + " WHERE type = ? AND created_at < ? ORDER BY created_at LIMIT ?) RETURNING account, region, id";
        try (ResultSet rows = bind(sql, type, instant.toEpochMilli(), limit).executeQuery()) {
            int deleted = 0;
            while (rows.next()) {
                changed.add(new RecordKey(type, rows.getString(1), rows.getString(2), rows.getString(3)));
                deleted++;
            }
            return deleted;
        } catch (SQLException failure) {
            drop(sql, failure);
            throw failed("write", failure);
        }
    }

    private Optional<StoredRecord> first(String sql, Object... parameters) {
        List<StoredRecord> found = query(sql, parameters);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    private List<StoredRecord> query(String sql, Object... parameters) {
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            List<StoredRecord> records = new ArrayList<>();
            while (rows.next()) {
                records.add(new StoredRecord(
                        new RecordKey(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)),
                        rows.getString(5),
                        Optional.ofNullable(rows.getString(6)),
                        rows.getLong(7),
                        Instant.ofEpochMilli(rows.getLong(8)),
                        Instant.ofEpochMilli(rows.getLong(9)),
                        rows.getBytes(10)));
            }
            return records;
        } catch (SQLException failure) {
            drop(sql, failure);
            throw failed("read", failure);
        }
    }

    private int update(String sql, Object... parameters) {
        try {
            return bind(sql, parameters).executeUpdate();
        } catch (SQLException failure) {
            if (UNIQUE_VIOLATION.equals(failure.getSQLState())
                    || (failure.getErrorCode() & 0xff) == SQLITE_CONSTRAINT) {
                throw new DuplicateRecordException("the name exists already");
            }
            drop(sql, failure);
            throw failed("write", failure);
        }
    }

    /** SQLite's driver ends a statement that has failed: once the disk has room again, it has to be prepared anew. */
    private void drop(String sql, SQLException failure) {
        try {
            PreparedStatement statement = prepared.remove(sql);
            if (statement != null) {
                statement.close();
            }
        } catch (SQLException unclosable) {
            failure.addSuppressed(unclosable);
        }
    }

    private PreparedStatement bind(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    static StorageException failed(String what, SQLException failure) {
        Optional<String> reason = unavailable(failure);
        if (reason.isPresent()) {
            return new StorageUnavailableException("storage could not " + what + ": " + reason.get(), failure);
        }
        return new StorageException("storage could not " + what + ": " + failure.getMessage(), failure);
    }

    /** Why nothing can be written at present, where that is the reason. */
    private static Optional<String> unavailable(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return switch (state) {
            case POSTGRES_DISK_FULL -> Optional.of("the database's disk is full");
            case POSTGRES_READ_ONLY -> Optional.of("the database is read-only");
            case "" ->
                switch (failure.getErrorCode() & 0xff) {
                    case SQLITE_FULL -> Optional.of("the disk is full");
                    case SQLITE_READ_ONLY, SQLITE_INPUT_OUTPUT, SQLITE_CANNOT_OPEN ->
                        Optional.of("the disk cannot be written: " + failure.getMessage());
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    @Override
    public void close() {
        for (PreparedStatement statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException ignored) {
                // The connection is about to be closed and takes its statements along.
            }
        }
        prepared.clear();
    }
}
