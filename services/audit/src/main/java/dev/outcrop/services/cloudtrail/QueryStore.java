package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Queries and their results, kept for seven days, in the account and region of the call. */
final class QueryStore {
    /** How many rows are kept together. */
    static final int ROWS_TOGETHER = 100;

    private static final Duration KEPT = Duration.ofDays(7);
    private static final String QUERY = "cloudtrail:query";
    private static final String ROWS = "cloudtrail:query-rows";
    private static final int MOST_LISTED = 10_000;
    private static final int MOST_DELETED = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Records records;
    private final InstantSource clock;

    QueryStore(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    private static RecordKey key(String type, String id) {
        CallContext call = CallContext.current();
        return new RecordKey(type, call.account(), call.region(), id);
    }

    void insert(String id, StoredQuery query) {
        RecordKey key = key(QUERY, id);
        records.write(transaction -> {
            transaction.insert(key, "", Optional.empty(), clock.instant(), query.write());
            return null;
        });
    }

    Optional<StoredQuery> find(String id) {
        return records.get(key(QUERY, id)).map(record -> StoredQuery.read(record.body()));
    }

    /** Changes a query, unless it has ended meanwhile; does nothing if it is gone. */
    void update(String id, UnaryOperator<StoredQuery> change) {
        RecordKey key = key(QUERY, id);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                StoredQuery query = StoredQuery.read(present.get().body());
                if (query.isActive()) {
                    transaction.update(
                            key,
                            present.get().version(),
                            Optional.empty(),
                            clock.instant(),
                            change.apply(query).write());
                }
            }
            return null;
        });
    }

    /** The queries of the account and region, the newest first. */
    List<StoredQuery> all() {
        CallContext call = CallContext.current();
        return records
                .list(new RecordQuery(
                        QUERY,
                        Optional.of(call.account()),
                        Optional.of(call.region()),
                        Optional.empty(),
                        RecordQuery.Order.NEWEST_FIRST,
                        Optional.empty(),
                        MOST_LISTED))
                .stream()
                .map(record -> StoredQuery.read(record.body()))
                .toList();
    }

    /** Keeps rows, each a list of columns with one name and value. */
    void putRows(String id, int page, List<List<Map<String, String>>> rows) {
        RecordKey key = rowsKey(id, page);
        byte[] body;
        try {
            body = JSON.writeValueAsBytes(rows);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
        records.write(transaction -> {
            // An earlier attempt may have left other ones.
            transaction.delete(key);
            transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            return null;
        });
    }

    List<List<Map<String, String>>> rows(String id, int page) {
        Optional<StoredRecord> stored = records.get(rowsKey(id, page));
        if (stored.isEmpty()) {
            return List.of();
        }
        try {
            return JSON.readValue(stored.get().body(), new TypeReference<List<List<Map<String, String>>>>() {});
        } catch (IOException damaged) {
            throw new UncheckedIOException("the rows of a query cannot be read", damaged);
        }
    }

    private static RecordKey rowsKey(String id, int page) {
        return key(ROWS, id + "/" + String.format(Locale.ROOT, "%06d", page));
    }

    /** Drops queries and results that are older than they are kept. */
    void drop() {
        for (String type : List.of(QUERY, ROWS)) {
            int deleted;
            do {
                deleted = records.write(transaction ->
                        transaction.deleteCreatedBefore(type, clock.instant().minus(KEPT), MOST_DELETED));
            } while (deleted == MOST_DELETED);
        }
    }
}
