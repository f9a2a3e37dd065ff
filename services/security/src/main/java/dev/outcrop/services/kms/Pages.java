package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;

/** Lists in pages, as all of KMS's lists come: a limit, a marker, and whether anything follows. */
final class Pages {
    private static final int USUAL = 100;
    private static final int SLICE = 1000;

    private final Records records;
    private final PageTokens tokens;

    Pages(Records records, PageTokens tokens) {
        this.records = records;
        this.tokens = tokens;
    }

    /** A page, and the marker of the next one if anything follows. */
    record Slice<T>(List<T> items, Optional<String> next) {}

    /** Which records of the call's region are listed. */
    record Source(String type, Optional<String> account, Optional<String> parent) {
        /** Those of the call's account. */
        static Source own(String type) {
            return new Source(type, Optional.of(CallContext.current().account()), Optional.empty());
        }

        /** Those that belong to a key. */
        static Source of(String type, KmsKey key) {
            return new Source(type, Optional.of(key.account()), Optional.of(key.id()));
        }

        /** Those of all accounts. */
        static Source everybodys(String type) {
            return new Source(type, Optional.empty(), Optional.empty());
        }
    }

    /** All records of {@code type} that belong to a key, in the key's region. */
    <T> List<T> all(String type, KmsKey key, Function<StoredRecord, T> read) {
        List<T> items = new ArrayList<>();
        Optional<RecordQuery.Cursor> place = Optional.empty();
        List<StoredRecord> batch;
        do {
            batch = records.list(query(Source.of(type, key), key.region(), place));
            batch.forEach(record -> items.add(read.apply(record)));
            place = batch.isEmpty() ? place : Optional.of(RecordQuery.Cursor.behind(batch.getLast()));
        } while (batch.size() == SLICE);
        return items;
    }

    private static RecordQuery query(Source source, String region, Optional<RecordQuery.Cursor> place) {
        return new RecordQuery(
                source.type, source.account, Optional.of(region), source.parent, RecordQuery.Order.ID, place, SLICE);
    }

    /**
     * Records by id.
     *
     * @param usual how many come where the request does not say
     */
    <T> Slice<T> of(
            Source source,
            Function<StoredRecord, T> read,
            Predicate<T> filter,
            Integer limit,
            int usual,
            String marker) {
        int wanted = limit == null ? usual : limit;
        Optional<RecordQuery.Cursor> place = Optional.ofNullable(marker).map(given -> place(source.type, given));
        String region = CallContext.current().region();
        List<T> items = new ArrayList<>();
        while (true) {
            List<StoredRecord> batch = records.list(query(source, region, place));
            for (StoredRecord record : batch) {
                T item = read.apply(record);
                boolean fits = filter.test(item);
                if (fits && items.size() == wanted) {
                    return new Slice<>(items, place.map(last -> tokens.token(source.type, last)));
                }
                if (fits) {
                    items.add(item);
                }
                place = Optional.of(RecordQuery.Cursor.behind(record));
            }
            if (batch.size() < SLICE) {
                return new Slice<>(items, Optional.empty());
            }
        }
    }

    /** A page of what is in memory. */
    static <T> Slice<T> of(List<T> all, Integer limit, String marker) {
        int from = marker == null ? 0 : offset(marker, all.size());
        int to = Math.min(all.size(), from + (limit == null ? USUAL : limit));
        return new Slice<>(all.subList(from, to), to < all.size() ? Optional.of("o" + to) : Optional.empty());
    }

    private static int offset(String marker, int size) {
        if (!marker.matches("o[0-9]{1,9}") || Integer.parseInt(marker.substring(1)) > size) {
            throw invalid();
        }
        return Integer.parseInt(marker.substring(1));
    }

    private RecordQuery.Cursor place(String type, String marker) {
        try {
            return tokens.place(type, marker);
        } catch (AwsError foreign) {
            throw invalid();
        }
    }

    private static InvalidMarkerException invalid() {
        return InvalidMarkerException.builder()
                .message("The marker is invalid.")
                .build();
    }
}
