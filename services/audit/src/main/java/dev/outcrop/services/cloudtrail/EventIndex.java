package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;

/**
 * What each stretch of the journal may hold, so that a look-up reads only a few of them: a stretch is {@value #STRETCH}
 * events in the order of their arrival, and has its first and last time and a {@link TermFilter} of all attributes of all
 * its events; {@value #TOGETHER} stretches are one record. The journal is only read for it after its calls are answered;
 * what is newer than the last stretch is looked at without. Safe for concurrent use.
 */
final class EventIndex {
    /** How many events a stretch has. */
    static final int STRETCH = 128;

    private static final int TOGETHER = 8;

    private static final String TYPE = "cloudtrail:stretch";
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    /** Between thousands of events, of some 3 ms each: calls come first, and who looks up events waits for few thousands. */
    private static final long PAUSE_MILLIS = 50;

    private static final int LOADED_AT_ONCE = 1000;

    private final Journal journal;
    private final Records records;
    private final EventTerms terms;
    private final InstantSource clock;
    private final Duration kept;
    private final ConcurrentSkipListMap<Long, Stretch> stretches = new ConcurrentSkipListMap<>();
    private final ReentrantLock extending = new ReentrantLock();

    /** @param kept how long events are kept; stretches older than that are forgotten */
    EventIndex(Journal journal, Records records, EventTerms terms, Duration kept, InstantSource clock) {
        this.journal = journal;
        this.records = records;
        this.terms = terms;
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * A stretch.
     *
     * @param after    the sequence before its first event
     * @param last     the sequence of its last event
     * @param earliest the earliest time of its events, in milliseconds since 1970
     * @param latest   the latest
     * @param count    how many events it has at most
     */
    record Stretch(long after, long last, long earliest, long latest, int count, Optional<TermFilter> filter) {
        boolean mayHold(long term) {
            return filter.isEmpty() || filter.get().mayHold(term);
        }
    }

    /** The term that all events of an account and region have. */
    static long place(String account, String region) {
        return TermFilter.hash(TermFilter.hash(0, account), region);
    }

    /** The term of events of an account and region with an attribute. */
    static long term(long place, LookupAttributeKey key, String value) {
        return TermFilter.hash(TermFilter.hash(place, key.toString()), value);
    }

    /** All stretches up to now, the newest last; the last one is not indexed and may be short. */
    List<Stretch> all() {
        boolean more = true;
        while (more) {
            more = extend();
        }
        List<Stretch> all = new ArrayList<>(stretches.values());
        long end = all.isEmpty() ? 0 : all.getLast().last();
        all.add(new Stretch(end, Long.MAX_VALUE, 0, Long.MAX_VALUE, STRETCH * TOGETHER, Optional.empty()));
        return all;
    }

    /** The events of a stretch, those of all accounts. */
    List<Journal.Place> events(Stretch stretch) {
        return journal.arrivals(AuditEvents.KIND, stretch.after(), stretch.count()).stream()
                .filter(place -> place.sequence() <= stretch.last())
                .toList();
    }

    /** Indexes what has arrived, again and again. */
    Chore chore() {
        return new Chore("cloudtrail-index", INTERVAL, ending -> {
            boolean more = true;
            while (more && !ending.getAsBoolean()) {
                more = extend() && rest();
            }
            records.write(transaction ->
                    transaction.deleteCreatedBefore(TYPE, clock.instant().minus(kept), 1000));
        });
    }

    /** Indexes the next few stretches; false if there are not as many events. */
    private boolean extend() {
        extending.lock();
        try {
            load();
            long oldest = clock.instant().minus(kept).toEpochMilli();
            stretches.values().removeIf(stretch -> stretch.latest() < oldest && stretches.size() > 1);
            long after = stretches.isEmpty() ? 0 : stretches.lastKey();
            List<Journal.Place> events = journal.arrivals(AuditEvents.KIND, after, STRETCH * TOGETHER);
            if (events.size() < STRETCH * TOGETHER) {
                return false;
            }
            List<Stretch> fresh = stretches(after, events);
            store(fresh);
            fresh.forEach(stretch -> stretches.put(stretch.last(), stretch));
            return true;
        } finally {
            extending.unlock();
        }
    }

    /** Lets others have the processor; false if the thread is to end. */
    private static boolean rest() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Stretch> stretches(long after, List<Journal.Place> events) {
        List<Stretch> cut = new ArrayList<>();
        long before = after;
        for (int from = 0; from < events.size(); from += STRETCH) {
            Stretch stretch = stretch(before, events.subList(from, from + STRETCH));
            cut.add(stretch);
            before = stretch.last();
        }
        return cut;
    }

    private Stretch stretch(long after, List<Journal.Place> events) {
        Set<Long> hashes = new HashSet<>();
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        for (Journal.Place place : events) {
            long time = place.entry().time().toEpochMilli();
            earliest = Math.min(earliest, time);
            latest = Math.max(latest, time);
            AuditEvent event = AuditEvent.read(place.entry().body());
            long where = place(place.entry().account(), event.region());
            if (event.isManagement()) {
                hashes.add(where);
                terms.forEach(event, (key, value) -> hashes.add(term(where, key, value)));
            }
        }
        return new Stretch(
                after, events.getLast().sequence(), earliest, latest, STRETCH, Optional.of(TermFilter.of(hashes)));
    }

    private void store(List<Stretch> fresh) {
        int size = fresh.stream()
                .mapToInt(stretch -> 4 * Long.BYTES
                        + Integer.BYTES
                        + stretch.filter().orElseThrow().bytes())
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Stretch stretch : fresh) {
            TermFilter filter = stretch.filter().orElseThrow();
            bytes.putLong(stretch.after())
                    .putLong(stretch.last())
                    .putLong(stretch.earliest())
                    .putLong(stretch.latest())
                    .putInt(filter.bytes());
            filter.write(bytes);
        }
        Stretch newest = fresh.getLast();
        try {
            records.write(transaction -> {
                transaction.insert(
                        key(newest.last()), "", Optional.empty(), Instant.ofEpochMilli(newest.latest()), bytes.array());
                return null;
            });
        } catch (DuplicateRecordException other) {
            // Another server was faster; it read the same events.
        }
    }

    /** Takes over what this or another server has stored. */
    private void load() {
        List<StoredRecord> page;
        do {
            long last = stretches.isEmpty() ? 0 : stretches.lastKey();
            page = records.list(new RecordQuery(
                    TYPE,
                    Optional.of(""),
                    Optional.of(""),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    Optional.of(new RecordQuery.Cursor(
                            Instant.EPOCH, "", "", key(last).id())),
                    LOADED_AT_ONCE));
            for (StoredRecord record : page) {
                ByteBuffer bytes = ByteBuffer.wrap(record.body());
                while (bytes.hasRemaining()) {
                    Stretch stretch = read(bytes);
                    stretches.put(stretch.last(), stretch);
                }
            }
        } while (page.size() == LOADED_AT_ONCE);
    }

    private static Stretch read(ByteBuffer bytes) {
        long after = bytes.getLong();
        long last = bytes.getLong();
        long earliest = bytes.getLong();
        long latest = bytes.getLong();
        int size = bytes.getInt();
        TermFilter filter = TermFilter.read(bytes.slice(bytes.position(), size));
        bytes.position(bytes.position() + size);
        return new Stretch(after, last, earliest, latest, STRETCH, Optional.of(filter));
    }

    private static RecordKey key(long sequence) {
        return new RecordKey(TYPE, "", "", String.format(Locale.ROOT, "%019d", sequence));
    }
}
