package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordQuery.Cursor;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pages of records in the order of their ids, in the account and region of the call. */
final class RecordPages {
    private static final int READ_AT_ONCE = 200;
    /** A page ends, full or not, once so many records were looked at. */
    private static final int MOST_LOOKED_AT = 10_000;

    private final Records records;
    private final PageTokens tokens;

    RecordPages(Records records, PageTokens tokens) {
        this.records = records;
        this.tokens = tokens;
    }

    /**
     * A page of the records whose ids begin with {@code prefix}.
     *
     * @param list  what is listed and by which parameters, for which alone its tokens are good
     * @param read  what becomes of a record; nothing if it is not wanted
     * @param limit how many at most
     * @param token of the page, or null for the first
     */
    <T> Page<T> page(
            String type,
            String prefix,
            String list,
            Function<StoredRecord, Optional<T>> read,
            int limit,
            String token) {
        CallContext call = CallContext.current();
        Optional<Cursor> place = token == null ? before(prefix, call) : Optional.of(place(list, token));
        List<T> items = new ArrayList<>();
        int lookedAt = 0;
        while (true) {
            List<StoredRecord> batch = records.list(new RecordQuery(
                    type,
                    Optional.of(call.account()),
                    Optional.of(call.region()),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    place,
                    READ_AT_ONCE));
            for (StoredRecord record : batch) {
                String id = record.key().id();
                if (!id.startsWith(prefix)) {
                    if (Arrays.compareUnsigned(id.getBytes(UTF_8), prefix.getBytes(UTF_8)) > 0) {
                        return new Page<>(items, Optional.empty());
                    }
                } else {
                    Optional<T> item = read.apply(record);
                    if (item.isPresent() && items.size() == limit) {
                        return new Page<>(items, place.map(last -> tokens.token(list, last)));
                    }
                    item.ifPresent(items::add);
                    lookedAt++;
                }
                place = Optional.of(Cursor.behind(record));
                if (lookedAt >= MOST_LOOKED_AT) {
                    return new Page<>(items, place.map(last -> tokens.token(list, last)));
                }
            }
            if (batch.size() < READ_AT_ONCE) {
                return new Page<>(items, Optional.empty());
            }
        }
    }

    /** All of them. */
    <T> List<T> all(String type, String prefix, Function<StoredRecord, T> read) {
        List<T> all = new ArrayList<>();
        String token = null;
        do {
            Page<T> page = page(type, prefix, "all", record -> Optional.of(read.apply(record)), 1000, token);
            all.addAll(page.items());
            token = page.nextToken().orElse(null);
        } while (token != null);
        return all;
    }

    /** A place before all ids that begin with {@code prefix}, and not long before. */
    private static Optional<Cursor> before(String prefix, CallContext call) {
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        int last = prefix.length() - 1;
        String smaller = prefix.substring(0, last) + (char) (prefix.charAt(last) - 1);
        return Optional.of(new Cursor(Instant.EPOCH, call.account(), call.region(), smaller));
    }

    private Cursor place(String list, String token) {
        try {
            return tokens.place(list, token);
        } catch (AwsError foreign) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
    }
}
