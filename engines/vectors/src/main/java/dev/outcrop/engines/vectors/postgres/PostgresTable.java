package dev.outcrop.engines.vectors.postgres;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a table turned out to be. All names in it are quoted.
 *
 * @param name           with its schema
 * @param keysAreUuids   whether the primary key's column is of type uuid, else a text
 * @param metadata       the column that holds metadata
 * @param metadataType   its type, {@code json}, {@code jsonb} or a text
 * @param scansIteratively whether pgvector goes on looking where a filter leaves too few (0.8)
 */
record PostgresTable(
        String name,
        String key,
        boolean keysAreUuids,
        String vector,
        String text,
        String metadata,
        String metadataType,
        Optional<String> custom,
        String customType,
        DistanceMetric metric,
        boolean scansIteratively) {
    private static final int LONGEST_NAME = 63;

    /**
     * Looks at a table.
     *
     * @throws VectorStoreException if it is not there, lacks a column, or has one of another type or dimension
     */
    static PostgresTable of(Connection connection, PostgresSettings settings, int dimension) throws SQLException {
        FieldMapping fields = settings.fields();
        String name = settings.schema().map(schema -> quoted(schema) + ".").orElse("") + quoted(settings.tableAlone());
        String extension = extension(connection);
        Map<String, String> columns = columns(connection, name);
        if (columns.isEmpty()) {
            throw new VectorStoreException("The table " + settings.table() + " does not exist");
        }
        String primaryKey = fields.primaryKey()
                .orElseThrow(() -> new VectorStoreException("The field mapping names no primary key"));
        String keyType = type(columns, primaryKey, settings, "uuid", "text", "character varying");
        String vectorType = type(columns, fields.vector(), settings, "vector");
        if (!vectorType.equals("vector(" + dimension + ")")) {
            throw new VectorStoreException("The column " + fields.vector() + " is of type " + vectorType
                    + ", but the embedding model makes vectors of " + dimension + " dimensions");
        }
        type(columns, fields.text(), settings, "text", "character varying");
        String metadataType = type(columns, fields.metadata(), settings, "json", "jsonb", "text");
        Optional<String> custom = fields.customMetadata();
        String customType = custom.map(column -> type(columns, column, settings, "jsonb", "json"))
                .orElse("");
        if (!isUnique(connection, name, primaryKey)) {
            throw new VectorStoreException("The column " + primaryKey + " must be the primary key, or unique");
        }
        return new PostgresTable(
                name,
                quoted(primaryKey),
                keyType.equals("uuid"),
                quoted(fields.vector()),
                quoted(fields.text()),
                quoted(fields.metadata()),
                metadataType,
                custom.map(PostgresTable::quoted),
                customType,
                metric(connection, name, fields.vector()),
                scansIteratively(extension));
    }

    /** The operator that orders by distance. */
    String operator() {
        return switch (metric) {
            case COSINE -> "<=>";
            case EUCLIDEAN -> "<->";
            case DOT_PRODUCT -> "<#>";
            case HAMMING -> throw new IllegalStateException("bits are not kept in columns of type vector");
        };
    }

    /** What filters look at, as an expression of type jsonb. */
    String filtered() {
        return "CAST(" + custom.orElse(metadata) + " AS jsonb)";
    }

    /**
     * A name as SQL takes it for nothing else.
     *
     * @throws VectorStoreException if it can be none
     */
    static String quoted(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\u0000') >= 0) {
            throw new VectorStoreException(
                    "A name in PostgreSQL must have between 1 and 63 characters, but is " + name);
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String extension(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT extversion FROM pg_extension WHERE extname = 'vector'");
                ResultSet rows = query.executeQuery()) {
            if (!rows.next()) {
                throw new VectorStoreException("The database lacks the extension vector (pgvector)");
            }
            return rows.getString(1);
        }
    }

    private static Map<String, String> columns(Connection connection, String table) throws SQLException {
        Map<String, String> columns = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped")) {
            query.setString(1, table);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return columns;
    }

    private static String type(
            Map<String, String> columns, String column, PostgresSettings settings, String... allowed) {
        String type = columns.get(column);
        if (type == null) {
            throw new VectorStoreException("The table " + settings.table() + " has no column " + column);
        }
        String plain = type.substring(type.lastIndexOf('.') + 1);
        for (String name : allowed) {
            if (plain.equals(name) || plain.startsWith(name + "(")) {
                return plain;
            }
        }
        throw new VectorStoreException("The column " + column + " must be of type " + String.join(" or ", allowed)
                + ", but is of type " + type);
    }

    private static boolean isUnique(Connection connection, String table, String column) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                        + " WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indnkeyatts = 1"
                        + " AND i.indpred IS NULL AND a.attname = ?")) {
            query.setString(1, table);
            query.setString(2, column);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** That of the index, or cosine where there is none. */
    private static DistanceMetric metric(Connection connection, String table, String column) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT o.opcname FROM pg_index i JOIN pg_opclass o ON o.oid = i.indclass[0]"
                        + " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
                        + " WHERE i.indrelid = to_regclass(?) AND a.attname = ? AND o.opcname LIKE 'vector\\_%\\_ops'"
                        + " ORDER BY o.opcname")) {
            query.setString(1, table);
            query.setString(2, column);
            try (ResultSet rows = query.executeQuery()) {
                return !rows.next()
                        ? DistanceMetric.COSINE
                        : switch (rows.getString(1)) {
                            case "vector_l2_ops" -> DistanceMetric.EUCLIDEAN;
                            case "vector_ip_ops" -> DistanceMetric.DOT_PRODUCT;
                            default -> DistanceMetric.COSINE;
                        };
            }
        }
    }

    private static boolean scansIteratively(String version) {
        String[] parts = version.split("\\.");
        try {
            return Integer.parseInt(parts[0]) > 0 || (parts.length > 1 && Integer.parseInt(parts[1]) >= 8);
        } catch (NumberFormatException unknown) {
            return false;
        }
    }
}
