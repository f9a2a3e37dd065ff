package dev.outcrop.storage.buckets;

import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What buckets hold, page by page in the order of the keys. A page costs as much as it is long: a common prefix is left by
 * one look at the index, however many keys it stands for. Safe for concurrent use.
 */
public final class Listings {
    private static final int BATCH = 1001;
    /** How far a reader looks ahead that may have to skip much. */
    private static final int CAREFUL_BATCH = 64;
    /** Where each common prefix stands for many keys, all that is read of them but the first is wasted. */
    private static final int SMALLEST_BATCH = 2;

    private final Records records;

    public Listings(Records records) {
        this.records = records;
    }

    /** The current objects; keys whose newest version is a delete marker are not among them. */
    public Listing<ObjectVersion> objects(String bucket, Listing.Range range) {
        Walk<ObjectVersion> walk = new Walk<>(range);
        walk.run(Table.current(bucket), walk.start(), record -> {
            ObjectVersion version = ObjectVersions.version(record);
            return version.deleteMarker() ? List.of() : List.of(version);
        });
        return walk.page();
    }

    /**
     * All versions, of each key the newest first.
     *
     * @param afterVersion the version of {@code range.after()} that comes before the first; empty for the key's last
     */
    public Listing<KeyVersion> versions(String bucket, Listing.Range range, String afterVersion) {
        Walk<KeyVersion> walk = new Walk<>(range);
        Cursor older = new Cursor(Table.older(bucket), walk.start());
        if (!afterVersion.isEmpty()) {
            walk.add(rest(bucket, range, afterVersion));
        }
        walk.run(Table.current(bucket), walk.start(), record -> {
            List<KeyVersion> found = new ArrayList<>();
            found.add(new KeyVersion(ObjectVersions.version(record), true));
            String id = record.key().id();
            older.skipTo(id);
            while (older.peek().isPresent()
                    && older.peek().get().key().id().startsWith(id)
                    && found.size() <= range.limit()) {
                found.add(new KeyVersion(ObjectVersions.version(older.next()), false));
            }
            return found;
        });
        return walk.page();
    }

    /** The versions of the key that the page begins in. */
    private List<KeyVersion> rest(String bucket, Listing.Range range, String afterVersion) {
        String key = range.after();
        Optional<ObjectVersion> current =
                records.get(Table.current(bucket).key(Keys.id(key))).map(ObjectVersions::version);
        Optional<ObjectVersion> last = current.filter(version -> version.id().equals(afterVersion))
                .or(() -> records.named(Table.older(bucket).type(), "", "", "", Keys.id(key, afterVersion))
                        .map(ObjectVersions::version));
        if (last.isEmpty()) {
            return List.of();
        }
        String place = Keys.id(key, ObjectVersions.age(last.get().sequence()));
        return records.list(Table.older(bucket).behind(place, range.limit() + 1)).stream()
                .filter(record -> record.key().id().startsWith(Keys.id(key)))
                .map(record -> new KeyVersion(ObjectVersions.version(record), false))
                .toList();
    }

    /**
     * The uploads that are not complete, of each key the oldest first.
     *
     * @param afterUpload the upload of {@code range.after()} that comes before the first; empty for the key's last
     */
    public Listing<Upload> uploads(String bucket, Listing.Range range, String afterUpload) {
        Walk<Upload> walk = new Walk<>(range);
        String start = afterUpload.isEmpty() ? walk.start() : Keys.id(range.after(), afterUpload);
        walk.run(Table.uploads(bucket), start, record -> List.of(Uploads.upload(record)));
        return walk.page();
    }

    /**
     * A version and whether it is the newest of its key.
     */
    public record KeyVersion(ObjectVersion version, boolean latest) {}

    /** Collects a page. */
    private final class Walk<T> {
        private final Listing.Range range;
        private final List<Listing.Entry<T>> entries = new ArrayList<>();

        Walk(Listing.Range range) {
            this.range = range;
        }

        /** The place before the first key that is wanted. */
        String start() {
            String beginning = Keys.beginning(range.prefix());
            if (range.after().isEmpty()) {
                return beginning;
            }
            boolean isPrefix =
                    commonPrefix(range.after()).filter(range.after()::equals).isPresent();
            String behind = isPrefix ? Keys.behindAll(range.after()) : Keys.behind(range.after());
            return Keys.compare(behind, beginning) > 0 ? behind : beginning;
        }

        private Optional<String> commonPrefix(String key) {
            String delimiter = range.delimiter();
            if (delimiter.isEmpty() || !key.startsWith(range.prefix())) {
                return Optional.empty();
            }
            int cut = key.indexOf(delimiter, range.prefix().length());
            return cut < 0 ? Optional.empty() : Optional.of(key.substring(0, cut + delimiter.length()));
        }

        void run(Table table, String start, Function<StoredRecord, List<T>> items) {
            String place = start;
            String beginning = Keys.beginning(range.prefix());
            int batch = range.delimiter().isEmpty() ? Math.min(BATCH, range.limit() + 1) : CAREFUL_BATCH;
            Optional<String> within = Optional.empty();
            while (entries.size() <= range.limit()) {
                List<StoredRecord> page = records.list(table.behind(place, batch));
                for (StoredRecord record : page) {
                    String id = record.key().id();
                    if (!id.startsWith(beginning)) {
                        return;
                    }
                    Optional<String> prefix = commonPrefix(Keys.key(id));
                    if (prefix.isEmpty()) {
                        add(items.apply(record));
                    } else if (!prefix.equals(within)) {
                        if (items.apply(record).isEmpty()) {
                            continue; // Nothing that shows stands under the prefix so far.
                        }
                        within = prefix;
                        entries.add(new Listing.Entry<>(prefix.get(), Optional.empty()));
                    }
                    if (entries.size() > range.limit()) {
                        return;
                    }
                }
                if (page.size() < batch) {
                    return;
                }
                String last = page.getLast().key().id();
                boolean inside = within.isPresent() && Keys.key(last).startsWith(within.get());
                place = inside ? Keys.behindAll(within.get()) : last;
                if (!range.delimiter().isEmpty()) {
                    batch = inside ? Math.max(SMALLEST_BATCH, batch / 2) : Math.min(BATCH, batch * 2);
                }
            }
        }

        void add(List<T> items) {
            items.forEach(item -> entries.add(new Listing.Entry<>(keyOf(item), Optional.of(item))));
        }

        Listing<T> page() {
            boolean truncated = entries.size() > range.limit();
            return new Listing<>(truncated ? entries.subList(0, range.limit()) : entries, truncated);
        }
    }

    private static String keyOf(Object item) {
        return switch (item) {
            case ObjectVersion version -> version.key();
            case KeyVersion version -> version.version().key();
            case Upload upload -> upload.key();
            default -> throw new IllegalArgumentException(item + " has no key");
        };
    }

    /** Reads a table in order, some records ahead. */
    private final class Cursor {
        private final Table table;
        private String place;
        private List<StoredRecord> ahead = List.of();
        private int next;
        private boolean ended;

        Cursor(Table table, String place) {
            this.table = table;
            this.place = place;
        }

        Optional<StoredRecord> peek() {
            if (next == ahead.size() && !ended) {
                ahead = records.list(table.behind(place, CAREFUL_BATCH));
                next = 0;
                ended = ahead.isEmpty();
            }
            return ended ? Optional.empty() : Optional.of(ahead.get(next));
        }

        StoredRecord next() {
            StoredRecord record = peek().orElseThrow();
            next++;
            place = record.key().id();
            return record;
        }

        /** Leaves out what comes before {@code id}. */
        void skipTo(String id) {
            while (peek().isPresent() && Keys.compare(peek().get().key().id(), id) < 0) {
                if (next + 1 == ahead.size()
                        && Keys.compare(ahead.getLast().key().id(), id) < 0) {
                    place = id;
                    next = ahead.size();
                } else {
                    next++;
                }
            }
        }
    }
}
