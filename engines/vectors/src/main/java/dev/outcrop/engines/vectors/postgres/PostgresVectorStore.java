package dev.outcrop.engines.vectors.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import dev.outcrop.engines.vectors.remote.Vectors;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A table with a column for keys (uuid, or a text), vectors ({@code vector(n)}), texts and metadata (json).
 *
 * <p>Where keys are UUIDs, one that is none is kept as the UUID that its digest names, and itself in the metadata under
 * {@value #KEY}. Filters are conditions on the metadata, in the column for custom metadata where there is one. Keywords are
 * found by {@code to_tsvector('simple', …)}, as AWS's guide indexes them, and ranked by {@code ts_rank}, which is no BM25:
 * how rare a word is does not count.
 *
 * <p>Neighbours come from the table's index where that cannot lose any: for up to 1,000 of them, and with a filter only from
 * pgvector 0.8 on, which goes on looking; else all rows are compared. Characters with the number zero, which PostgreSQL does
 * not keep, become replacement characters.
 */
public final class PostgresVectorStore implements VectorStore {
    /** Where metadata hold a key that is no UUID. */
    static final String KEY = "x-outcrop-key";

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int MOST_CONNECTIONS = 4;
    private static final int LARGEST_SEARCH = 1000;
    private static final int USUAL_SEARCH = 100;

    private final HikariDataSource pool;
    private final PostgresTable table;
    private final int dimension;

    private PostgresVectorStore(HikariDataSource pool, PostgresTable table, int dimension) {
        this.pool = pool;
        this.table = table;
        this.dimension = dimension;
    }

    /**
     * Opens a table.
     *
     * @param dimension of the vectors
     * @throws VectorStoreException if the server cannot be reached or the table is not as it must be; the message says why
     */
    public static PostgresVectorStore open(PostgresSettings settings, int dimension) {
        checkReach(settings);
        HikariDataSource pool = pool(settings);
        try (Connection connection = pool.getConnection()) {
            PostgresTable table = PostgresTable.of(connection, settings, dimension);
            return new PostgresVectorStore(pool, table, dimension);
        } catch (SQLException failure) {
            pool.close();
            throw failed("The database " + settings + " cannot be read", failure);
        } catch (VectorStoreException unfit) {
            pool.close();
            throw unfit;
        }
    }

    private static void checkReach(PostgresSettings settings) {
        try {
            if (!settings.reach().allows(settings.host())) {
                throw new VectorStoreException(
                        "The host " + settings.host() + " is at an address that may not be called");
            }
        } catch (UnknownHostException unknown) {
            throw new VectorStoreException("The host " + settings.host() + " is not known", unknown);
        }
    }

    private static HikariDataSource pool(PostgresSettings settings) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {settings.host()});
        source.setPortNumbers(new int[] {settings.port()});
        source.setDatabaseName(settings.database());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setSslMode(settings.tls() ? "verify-full" : "prefer");
        source.setConnectTimeout((int) CONNECT.toSeconds());
        source.setSocketTimeout((int) ANSWER.toSeconds());
        source.setApplicationName("outcrop");
        HikariConfig configuration = new HikariConfig();
        configuration.setDataSource(source);
        configuration.setMaximumPoolSize(MOST_CONNECTIONS);
        configuration.setMinimumIdle(0);
        configuration.setConnectionTimeout(CONNECT.toMillis());
        // The first connection is made by whoever opens the store, so that the reason of a failure is the driver's.
        configuration.setInitializationFailTimeout(-1);
        return new HikariDataSource(configuration);
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public DistanceMetric metric() {
        return table.metric();
    }

    @Override
    public void put(List<VectorEntry> entries) {
        entries.forEach(entry -> check(entry.vector()));
        String columns = String.join(", ", table.key(), table.vector(), table.text(), table.metadata())
                + table.custom().map(column -> ", " + column).orElse("");
        String values = "CAST(? AS " + (table.keysAreUuids() ? "uuid" : "text") + "), CAST(? AS vector), ?, CAST(? AS "
                + table.metadataType() + ")"
                + table.custom()
                        .map(column -> ", CAST(? AS " + table.customType() + ")")
                        .orElse("");
        String updates = set(table.vector()) + ", " + set(table.text()) + ", " + set(table.metadata())
                + table.custom().map(column -> ", " + set(column)).orElse("");
        String sql = "INSERT INTO " + table.name() + " (" + columns + ") VALUES (" + values + ") ON CONFLICT ("
                + table.key() + ") DO UPDATE SET " + updates;
        inTransaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (VectorEntry entry : entries) {
                    insert.setString(1, stored(entry.key()));
                    insert.setString(2, vector(entry.vector()));
                    insert.setString(3, FilterSql.clean(entry.text()));
                    insert.setString(4, metadata(entry));
                    if (table.custom().isPresent()) {
                        insert.setString(5, MetadataJson.text(cleaned(entry.metadata())));
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return List.of();
        });
    }

    private static String set(String column) {
        return column + " = EXCLUDED." + column;
    }

    @Override
    public void delete(Collection<String> keys) {
        String sql = "DELETE FROM " + table.name() + " WHERE " + table.key() + " = CAST(? AS "
                + (table.keysAreUuids() ? "uuid" : "text") + ")";
        inTransaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                for (String key : keys) {
                    delete.setString(1, stored(key));
                    delete.addBatch();
                }
                delete.executeBatch();
            }
            return List.of();
        });
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return entries(" WHERE " + table.key() + " = " + keyParameter(), List.of(stored(key)), 1).stream()
                .findFirst();
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        return after.map(key -> entries(" WHERE " + table.key() + " > " + keyParameter(), List.of(stored(key)), count))
                .orElseGet(() -> entries("", List.of(), count));
    }

    private List<VectorEntry> entries(String condition, List<Object> parameters, int count) {
        String sql = "SELECT " + table.key() + ", " + table.text() + ", " + table.metadata() + ", " + table.vector()
                + " FROM " + table.name() + condition + " ORDER BY " + table.key() + " LIMIT ?";
        List<Object> all = new ArrayList<>(parameters);
        all.add(count);
        return inTransaction(connection -> rows(
                connection,
                sql,
                all,
                row -> new VectorEntry(key(row), vector(row.getString(4)), text(row), metadata(row))));
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        Vectors.checkCount(count);
        Optional<FilterSql.Condition> condition = filter.map(wanted -> FilterSql.of(wanted, table.filtered()));
        String distance = table.vector() + " " + table.operator() + " CAST(? AS vector)";
        String sql = "SELECT " + table.key() + ", " + table.text() + ", " + table.metadata() + ", " + distance
                + " FROM " + table.name()
                + condition.map(where -> " WHERE " + where.sql()).orElse("") + " ORDER BY "
                + distance + " LIMIT ?";
        List<Object> parameters = new ArrayList<>();
        parameters.add(vector(query));
        condition.ifPresent(where -> parameters.addAll(where.parameters()));
        parameters.add(vector(query));
        parameters.add(count);
        boolean byIndex = count <= LARGEST_SEARCH && (condition.isEmpty() || table.scansIteratively());
        List<Match> found = nearest(sql, parameters, count, byIndex);
        return byIndex && found.size() < count ? nearest(sql, parameters, count, false) : found;
    }

    private List<Match> nearest(String sql, List<Object> parameters, int count, boolean byIndex) {
        return inTransaction(connection -> {
            try (Statement settings = connection.createStatement()) {
                if (!byIndex) {
                    settings.execute("SET LOCAL enable_indexscan = off");
                } else {
                    settings.execute("SET LOCAL hnsw.ef_search = "
                            + Math.min(LARGEST_SEARCH, Math.max(USUAL_SEARCH, 2 * count)));
                    if (table.scansIteratively()) {
                        settings.execute("SET LOCAL hnsw.iterative_scan = strict_order");
                    }
                }
            }
            return rows(
                    connection,
                    sql,
                    parameters,
                    row -> new Match(key(row), text(row), metadata(row), similarity(row.getDouble(4))));
        });
    }

    private double similarity(double distance) {
        return table.metric() == DistanceMetric.COSINE ? 1 - distance : -distance;
    }

    @Override
    public boolean searchesText() {
        return true;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        Vectors.checkCount(count);
        Optional<FilterSql.Condition> condition = filter.map(wanted -> FilterSql.of(wanted, table.filtered()));
        String words = "to_tsvector('simple', " + table.text() + ")";
        // Each word as a quoted lexeme, so that nothing in the query is syntax; any of them will do.
        String wanted =
                "WITH asked AS MATERIALIZED (SELECT CAST(string_agg('''' || replace(replace(lexeme, '\\', '\\\\'),"
                        + " '''', '''''') || '''', ' | ') AS tsquery) AS words"
                        + " FROM unnest(to_tsvector('simple', CAST(? AS text))))";
        String sql = wanted + " SELECT " + table.key() + ", " + table.text() + ", " + table.metadata() + ", ts_rank("
                + words + ", (SELECT words FROM asked), 1) AS score FROM " + table.name() + " WHERE " + words
                + " @@ (SELECT words FROM asked)"
                + condition.map(where -> " AND " + where.sql()).orElse("") + " ORDER BY score DESC, " + table.key()
                + " LIMIT ?";
        List<Object> parameters = new ArrayList<>();
        parameters.add(FilterSql.clean(query));
        condition.ifPresent(where -> parameters.addAll(where.parameters()));
        parameters.add(count);
        return inTransaction(connection -> rows(
                connection, sql, parameters, row -> new Match(key(row), text(row), metadata(row), row.getDouble(4))));
    }

    @Override
    public void close() {
        pool.close();
    }

    private String keyParameter() {
        return table.keysAreUuids() ? "CAST(? AS uuid)" : "?";
    }

    /** What the key's column holds for a key. */
    private String stored(String key) {
        return table.keysAreUuids() && !isUuid(key)
                ? UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString()
                : FilterSql.clean(key);
    }

    private static boolean isUuid(String key) {
        try {
            return UUID.fromString(key).toString().equals(key);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private String metadata(VectorEntry entry) {
        Map<String, MetadataValue> all = new HashMap<>(cleaned(entry.metadata()));
        if (!stored(entry.key()).equals(entry.key())) {
            all.put(KEY, MetadataValue.of(FilterSql.clean(entry.key())));
        }
        return MetadataJson.text(all);
    }

    private static Map<String, MetadataValue> cleaned(Map<String, MetadataValue> metadata) {
        Map<String, MetadataValue> cleaned = new HashMap<>();
        metadata.forEach((key, value) -> cleaned.put(FilterSql.clean(key), FilterSql.clean(value)));
        return cleaned;
    }

    private static String key(ResultSet row) throws SQLException {
        String json = row.getString(3);
        return json != null
                        && json.contains(KEY)
                        && MetadataJson.read(json).get(KEY) instanceof MetadataValue.Text(String key)
                ? key
                : row.getString(1);
    }

    private static String text(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString(2)).orElse("");
    }

    private static Map<String, MetadataValue> metadata(ResultSet row) throws SQLException {
        Map<String, MetadataValue> metadata = new HashMap<>(
                MetadataJson.read(Optional.ofNullable(row.getString(3)).orElse("")));
        metadata.remove(KEY);
        return metadata;
    }

    private static String vector(float[] vector) {
        StringBuilder text = new StringBuilder(vector.length * 12).append('[');
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }

    private static float[] vector(String text) {
        String[] values = text.substring(1, text.length() - 1).split(",");
        float[] vector = new float[values.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.parseFloat(values[i]);
        }
        return vector;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> rows(Connection connection, String sql, List<Object> parameters, Reading<T> reading)
            throws SQLException {
        List<T> read = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                query.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    read.add(reading.of(rows));
                }
            }
        }
        return read;
    }

    @FunctionalInterface
    private interface Transaction<T> {
        List<T> run(Connection connection) throws SQLException;
    }

    private <T> List<T> inTransaction(Transaction<T> transaction) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<T> result = transaction.run(connection);
                connection.commit();
                return result;
            } catch (SQLException failure) {
                connection.rollback();
                throw failure;
            }
        } catch (SQLException failure) {
            throw failed("The table " + table.name() + " failed", failure);
        }
    }

    private static VectorStoreException failed(String what, SQLException failure) {
        Throwable cause = failure;
        while (cause.getCause() instanceof SQLException deeper) {
            cause = deeper;
        }
        SQLException next = failure.getNextException();
        String reason = next == null ? cause.getMessage() : next.getMessage();
        return new VectorStoreException(what + ": " + reason, failure);
    }
}
