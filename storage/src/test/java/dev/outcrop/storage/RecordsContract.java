package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store of records must do; each store's own test runs all of it. */
abstract class RecordsContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");
    private final String type = "test:" + UUID.randomUUID();

    /** The store under test, which other tests may have used before. */
    abstract Records records();

    @Test
    void givesBackWhatWasInserted() {
        insert("one", Optional.of("first"), NOON);

        StoredRecord record = records().get(key("one")).orElseThrow();

        assertThat(record.version()).isEqualTo(1);
        assertThat(record.createdAt()).isEqualTo(NOON);
        assertThat(record.name()).contains("first");
        assertThat(record.body()).isEqualTo(bytes("one"));
        assertThat(records()
                        .named(type, "111122223333", "us-east-1", "", "first")
                        .map(StoredRecord::key))
                .contains(key("one"));
    }

    @Test
    void refusesASecondRecordOfTheSameIdOrName() {
        insert("one", Optional.of("first"), NOON);

        assertThatThrownBy(() -> insert("one", Optional.empty(), NOON)).isInstanceOf(DuplicateRecordException.class);
        assertThatThrownBy(() -> insert("two", Optional.of("first"), NOON))
                .isInstanceOf(DuplicateRecordException.class);
        insert("two", Optional.of("second"), NOON);
        assertThatThrownBy(() -> records().write(transaction -> {
                    transaction.update(key("two"), 1, Optional.of("first"), NOON, bytes("x"));
                    return null;
                }))
                .isInstanceOf(DuplicateRecordException.class);
    }

    @Test
    void refusesToUpdateWhatAnotherHasUpdated() {
        insert("one", Optional.empty(), NOON);
        update("one", 1, "new");

        assertThatThrownBy(() -> update("one", 1, "newer")).isInstanceOf(StaleRecordException.class);

        assertThat(records().get(key("one")).orElseThrow().version()).isEqualTo(2);
        assertThat(records().get(key("one")).orElseThrow().body()).isEqualTo(bytes("new"));
    }

    @Test
    void changesAllOrNothing() {
        assertThatThrownBy(() -> records().write(transaction -> {
                    transaction.insert(key("half"), "", Optional.empty(), NOON, bytes("half"));
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");

        assertThat(records().get(key("half"))).isEmpty();
    }

    @Test
    void deletesOnce() {
        insert("one", Optional.empty(), NOON);

        boolean first = records().write(transaction -> transaction.delete(key("one")));
        boolean second = records().write(transaction -> transaction.delete(key("one")));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(records().get(key("one"))).isEmpty();
    }

    @Test
    void listsInEveryOrderPageByPageWhileRecordsComeAndGo() {
        for (int i = 0; i < 25; i++) {
            insert("id-%02d".formatted(i), Optional.empty(), NOON.plusMillis(100 - i));
        }

        List<String> byId = new ArrayList<>();
        Optional<RecordQuery.Cursor> after = Optional.empty();
        do {
            List<StoredRecord> page = records().list(query(RecordQuery.Order.ID, after, 10));
            page.forEach(record -> byId.add(record.key().id()));
            after = page.size() < 10 ? Optional.empty() : Optional.of(RecordQuery.Cursor.behind(page.getLast()));
            if (byId.size() == 10) {
                records().write(transaction -> transaction.delete(key("id-09")));
                insert("id-095", Optional.empty(), NOON);
            }
        } while (after.isPresent());

        assertThat(byId).hasSize(26).isSorted().contains("id-095", "id-24");
        assertThat(records().list(query(RecordQuery.Order.OLDEST_FIRST, Optional.empty(), 2)))
                .extracting(record -> record.key().id())
                .containsExactly("id-095", "id-24");
        assertThat(records().list(query(RecordQuery.Order.NEWEST_FIRST, Optional.empty(), 1)))
                .extracting(record -> record.key().id())
                .containsExactly("id-00");
    }

    @Test
    void listsByBytesNotByLanguage() {
        for (String id : List.of("b", "B", "a-1", "a1", "é", "_")) {
            insert(id, Optional.empty(), NOON);
        }

        assertThat(records().list(query(RecordQuery.Order.ID, Optional.empty(), 10)))
                .extracting(record -> record.key().id())
                .containsExactly("B", "_", "a-1", "a1", "b", "é");
    }

    @Test
    void dropsWhatIsOld() {
        insert("old", Optional.empty(), NOON.minusSeconds(10));
        insert("new", Optional.empty(), NOON);

        int dropped = records().write(transaction -> transaction.deleteCreatedBefore(type, NOON, 100));

        assertThat(dropped).isEqualTo(1);
        assertThat(records().get(key("new"))).isPresent();
    }

    @Test
    void losesNoUpdateOfManyAtOnce() throws Exception {
        insert("counter", Optional.empty(), NOON);
        List<Thread> threads = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int j = 0; j < 5; j++) {
                    records().write(transaction -> {
                        StoredRecord record = transaction.get(key("counter")).orElseThrow();
                        transaction.update(record.key(), record.version(), Optional.empty(), NOON, bytes("x"));
                        return null;
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }

        assertThat(records().get(key("counter")).orElseThrow().version()).isEqualTo(41);
    }

    @Test
    void neverGivesWhatIsOlderThanWhatWasAcknowledged() throws Exception {
        insert("one", Optional.empty(), NOON);
        AtomicLong acknowledged = new AtomicLong(1);
        AtomicBoolean over = new AtomicBoolean();
        List<String> stale = new CopyOnWriteArrayList<>();
        // Not virtual: those that never wait keep their carriers, and whoever is to have a lock next may get none.
        List<Thread> readers = Stream.generate(() -> Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        long before = acknowledged.get();
                        long read = records().get(key("one")).orElseThrow().version();
                        if (read < before) {
                            stale.add(read + " after " + before);
                        }
                    }
                }))
                .limit(4)
                .toList();

        try {
            for (int version = 1; version <= 200; version++) {
                update("one", version, "version " + version);
                acknowledged.set(version + 1);
            }
        } finally {
            over.set(true);
        }
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(stale).isEmpty();
        assertThat(records().get(key("one")).orElseThrow().version()).isEqualTo(201);
    }

    @Test
    void givesNoMoreWhatWasDroppedForItsAge() {
        insert("old", Optional.empty(), NOON);
        List<RecordKey> told = new CopyOnWriteArrayList<>();
        records().watch(type, told::add, () -> {});
        assertThat(records().get(key("old"))).isPresent();

        int dropped =
                records().<Integer>write(transaction -> transaction.deleteCreatedBefore(type, NOON.plusSeconds(1), 10));

        assertThat(dropped).isEqualTo(1);
        assertThat(records().get(key("old"))).isEmpty();
        assertThat(told).containsExactly(key("old"));
    }

    @Test
    void tellsOfChangesBeforeTheyAreAcknowledged() {
        List<RecordKey> told = new CopyOnWriteArrayList<>();
        records().watch(type, told::add, () -> {});

        insert("one", Optional.empty(), NOON);
        update("one", 1, "new");

        assertThat(told).containsExactly(key("one"), key("one"));
    }

    final RecordKey key(String id) {
        return new RecordKey(type, "111122223333", "us-east-1", id);
    }

    final void insert(String id, Optional<String> name, Instant createdAt) {
        records().write(transaction -> {
            transaction.insert(key(id), "", name, createdAt, bytes(id));
            return null;
        });
    }

    private void update(String id, long version, String body) {
        records().write(transaction -> {
            transaction.update(key(id), version, Optional.empty(), NOON, bytes(body));
            return null;
        });
    }

    private RecordQuery query(RecordQuery.Order order, Optional<RecordQuery.Cursor> after, int limit) {
        return new RecordQuery(
                type, Optional.of("111122223333"), Optional.of("us-east-1"), Optional.empty(), order, after, limit);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
