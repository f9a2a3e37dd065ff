package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.sql.SqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of event data stores as tables of DuckDB, in the columns that CloudTrail Lake has for them. The file is made
 * of the journal whenever it is missing or cannot be read, and brought up to date before each query; nothing is kept in it
 * alone. SQL that runs in it reaches neither files nor the network. Safe for concurrent use.
 *
 * <p>Source: "Supported SQL schemas for event data stores" of the AWS CloudTrail user guide.
 */
final class Lake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lake.class);
    private static final int READ_AT_ONCE = 10_000;
    /** DuckDB's own row groups are about as large; smaller pieces are written again and again. */
    private static final int ADDED_AT_ONCE = 120_000;

    private static final SqlDatabase.Limits LIMITS = new SqlDatabase.Limits(512, 2, 2048);

    /** The columns and their types by the names in events, as {@code json_transform} takes them. */
    private static final String COLUMNS = """
            {"eventVersion":"VARCHAR",
             "userIdentity":{"type":"VARCHAR","principalId":"VARCHAR","arn":"VARCHAR","accountId":"VARCHAR",
              "accessKeyId":"VARCHAR","userName":"VARCHAR",
              "sessionContext":{"attributes":{"creationDate":"TIMESTAMP","mfaAuthenticated":"VARCHAR"},
               "sessionIssuer":{"type":"VARCHAR","principalId":"VARCHAR","arn":"VARCHAR","accountId":"VARCHAR",
                "userName":"VARCHAR"},
               "webIdFederationData":{"federatedProvider":"VARCHAR","attributes":"MAP(VARCHAR, VARCHAR)"},
               "sourceIdentity":"VARCHAR","ec2RoleDelivery":"VARCHAR","ec2IssuedInVpc":"VARCHAR"},
              "onBehalfOf":{"userId":"VARCHAR","identityStoreArn":"VARCHAR"},
              "inScopeOf":{"sourceArn":"VARCHAR","sourceAccount":"VARCHAR","issuerType":"VARCHAR",
               "credentialsIssuedTo":"VARCHAR"},
              "invokedBy":"VARCHAR","identityProvider":"VARCHAR"},
             "eventTime":"TIMESTAMP","eventSource":"VARCHAR","eventName":"VARCHAR","awsRegion":"VARCHAR",
             "sourceIPAddress":"VARCHAR","userAgent":"VARCHAR","errorCode":"VARCHAR","errorMessage":"VARCHAR",
             "requestParameters":"MAP(VARCHAR, VARCHAR)","responseElements":"MAP(VARCHAR, VARCHAR)",
             "additionalEventData":"MAP(VARCHAR, VARCHAR)","requestID":"VARCHAR","eventID":"VARCHAR",
             "readOnly":"BOOLEAN",
             "resources":[{"accountId":"VARCHAR","type":"VARCHAR","ARN":"VARCHAR","ARNPrefix":"VARCHAR"}],
             "eventType":"VARCHAR","apiVersion":"VARCHAR","managementEvent":"BOOLEAN",
             "recipientAccountId":"VARCHAR","sharedEventID":"VARCHAR","annotation":"VARCHAR",
             "vpcEndpointId":"VARCHAR","vpcEndpointAccountId":"VARCHAR",
             "serviceEventDetails":"MAP(VARCHAR, VARCHAR)","addendum":"MAP(VARCHAR, VARCHAR)",
             "edgeDeviceDetails":"MAP(VARCHAR, VARCHAR)","insightDetails":"MAP(VARCHAR, VARCHAR)",
             "eventCategory":"VARCHAR",
             "tlsDetails":{"tlsVersion":"VARCHAR","cipherSuite":"VARCHAR","clientProvidedHostHeader":"VARCHAR"},
             "sessionCredentialFromConsole":"VARCHAR"}
            """.replace("\n", "");

    /** A schema of the house's own, so that no name in a query means it, and functions that Trino has by other names. */
    private static final List<String> PREPARATION = List.of(
            "CREATE SCHEMA IF NOT EXISTS house",
            "CREATE TABLE IF NOT EXISTS house.followed (store VARCHAR PRIMARY KEY, sequence BIGINT, bytes BIGINT)",
            "ALTER TABLE house.followed ADD COLUMN IF NOT EXISTS source BIGINT DEFAULT 0",
            "CREATE OR REPLACE MACRO element_at(container, key) AS container[key]",
            "CREATE OR REPLACE MACRO cardinality(container) AS len(container)",
            "CREATE OR REPLACE MACRO json_extract_scalar(document, place) AS json_extract_string(document, place)",
            "CREATE OR REPLACE MACRO regexp_like(subject, pattern) AS regexp_matches(subject, pattern)",
            "CREATE OR REPLACE MACRO from_iso8601_timestamp(moment) AS CAST(moment AS TIMESTAMPTZ)");

    private static final String SELECT_EVENTS = "SELECT event.*, json AS eventJson FROM"
            + " (SELECT json_transform(json, '" + COLUMNS + "') AS event, json FROM arriving)";

    private final Path file;
    private final StoreEvents events;
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock following = new ReentrantLock();
    private Optional<SqlDatabase> opened = Optional.empty();

    /** @param folder where the file may be, below the data folder */
    Lake(Path folder, StoreEvents events) {
        file = folder.resolve("lake.duckdb");
        this.events = events;
    }

    /** How much a store has here. */
    record Extent(long events, long bytes) {
        Extent plus(Extent other) {
            return new Extent(events + other.events, bytes + other.bytes);
        }
    }

    /** A connection for one query, to be closed; what it ran is forgotten with it. */
    DuckDBConnection connect() throws SQLException {
        opening.lock();
        try {
            return open().connect();
        } finally {
            opening.unlock();
        }
    }

    /** DuckDB's parse tree of a statement, or what is wrong with it, as JSON. */
    String parse(String sql) {
        opening.lock();
        try {
            return open().parse(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException("a query cannot be parsed", failure);
        } finally {
            opening.unlock();
        }
    }

    /** Brings the table of a store up to date, without what is older than {@code oldest}. */
    Extent catchUp(String store, Instant oldest) throws SQLException {
        following.lock();
        try (DuckDBConnection connection = connect();
                Statement statement = connection.createStatement()) {
            create(statement, store);
            long after = number(statement, "SELECT sequence FROM house.followed WHERE store = '" + store + "'");
            int added;
            do {
                added = add(connection, statement, store, after);
                after = number(statement, "SELECT sequence FROM house.followed WHERE store = '" + store + "'");
            } while (added == ADDED_AT_ONCE);
            statement.execute("DELETE FROM \"" + store + "\" WHERE eventTime < TIMESTAMP '" + oldest + "'");
            return new Extent(
                    number(statement, "SELECT count(*) FROM \"" + store + "\""),
                    number(statement, "SELECT bytes FROM house.followed WHERE store = '" + store + "'"));
        } catch (SQLException failure) {
            // Whatever state it left, the next one begins with a fresh connection.
            close();
            throw failure;
        } finally {
            following.unlock();
        }
    }

    private static void create(Statement statement, String store) throws SQLException {
        statement.execute("CREATE OR REPLACE TEMP TABLE arriving (json VARCHAR)");
        statement.execute("CREATE TABLE IF NOT EXISTS \"" + store + "\" AS " + SELECT_EVENTS + " WHERE false");
        statement.execute("INSERT OR IGNORE INTO house.followed VALUES ('" + store + "', 0, 0, 0)");
    }

    /** Adds some of what arrived behind {@code after}, once each, and says how many events were read. */
    private int add(DuckDBConnection connection, Statement statement, String store, long after) throws SQLException {
        int offset = StoreEvents.StoreEvent.OFFSET;
        long bytes = 0;
        long last = after;
        long source = number(statement, "SELECT source FROM house.followed WHERE store = '" + store + "'");
        int read = 0;
        statement.execute("CREATE OR REPLACE TEMP TABLE arriving (json VARCHAR)");
        try (DuckDBAppender appender = connection.createAppender("temp", "main", "arriving")) {
            List<StoreEvents.StoreEvent> arrived;
            do {
                arrived = events.arrivals(store, last, Math.min(READ_AT_ONCE, ADDED_AT_ONCE - read));
                for (StoreEvents.StoreEvent event : arrived) {
                    last = event.sequence();
                    if (!event.isImported() && event.source() <= source) {
                        continue;
                    }
                    source = Math.max(source, event.source());
                    bytes += event.body().length - offset;
                    appender.beginRow();
                    appender.append(new String(event.body(), offset, event.body().length - offset, UTF_8));
                    appender.endRow();
                }
                read += arrived.size();
            } while (arrived.size() == READ_AT_ONCE && read < ADDED_AT_ONCE);
        }
        if (read > 0) {
            statement.execute("BEGIN TRANSACTION");
            statement.execute("INSERT INTO \"" + store + "\" " + SELECT_EVENTS);
            statement.execute("UPDATE house.followed SET sequence = " + last + ", source = " + source
                    + ", bytes = bytes + " + bytes + " WHERE store = '" + store + "'");
            statement.execute("COMMIT");
        }
        return read;
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Forgets a store. */
    void drop(String store) {
        following.lock();
        try {
            if (Files.exists(file)) {
                try (Connection connection = connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("DROP TABLE IF EXISTS \"" + store + "\"");
                    statement.execute("DELETE FROM house.followed WHERE store = '" + store + "'");
                }
            }
        } catch (SQLException failure) {
            // It is only a copy; it is not read any more.
            LOG.warn("the table of event data store {} cannot be dropped", store, failure);
        } finally {
            following.unlock();
        }
    }

    private SqlDatabase open() throws SQLException {
        if (opened.isEmpty()) {
            SqlDatabase.Source source = SqlDatabase.Source.of(file, PREPARATION);
            SqlDatabase database;
            try {
                database = SqlDatabase.open(source, LIMITS);
            } catch (SQLException damaged) {
                LOG.warn("{} cannot be opened and is made anew from the journal", file, damaged);
                deleteFile();
                database = SqlDatabase.open(source, LIMITS);
            }
            opened = Optional.of(database);
        }
        return opened.get();
    }

    private void deleteFile() throws SQLException {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".wal"));
        } catch (IOException failure) {
            throw new SQLException("the file cannot be deleted", failure);
        }
    }

    @Override
    public void close() {
        opening.lock();
        try {
            if (opened.isPresent()) {
                opened.get().close();
                opened = Optional.empty();
            }
        } catch (SQLException failure) {
            LOG.warn("{} was not closed well; it is made anew if it cannot be read", file, failure);
        } finally {
            opening.unlock();
        }
    }
}
