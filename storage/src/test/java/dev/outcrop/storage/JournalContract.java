package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every journal must do; each one's own test runs all of it. */
abstract class JournalContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final String kind = "test " + UUID.randomUUID();

    /** The journal under test, which other tests may have used before. */
    abstract Journal journal();

    @Test
    void readsNewestFirstPageByPage() {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            entries.add(entry("a", NOON.plusSeconds(i / 2), i));
        }
        journal().append(entries);
        journal().append(List.of(entry("b", NOON, 99)));

        List<Integer> found = new ArrayList<>();
        Optional<Journal.Place> before = Optional.empty();
        do {
            List<Journal.Place> page = journal().read(query("a", NOON, NOON.plusSeconds(100), before, 10));
            page.forEach(place -> found.add((int) place.entry().body()[0]));
            before = page.isEmpty() ? Optional.empty() : Optional.of(page.getLast());
        } while (before.isPresent());

        assertThat(found).hasSize(25).isSortedAccordingTo((one, other) -> other - one);
    }

    @Test
    void readsFromTheFirstTimeToBeforeTheLast() {
        journal()
                .append(List.of(
                        entry("a", NOON, 1), entry("a", NOON.plusSeconds(1), 2), entry("a", NOON.plusSeconds(2), 3)));

        assertThat(journal().read(query("a", NOON, NOON.plusSeconds(2), Optional.empty(), 10)))
                .extracting(place -> (int) place.entry().body()[0])
                .containsExactly(2, 1);
    }

    @Test
    void dropsWhatIsOld() {
        journal().append(List.of(entry("a", NOON, 1), entry("a", NOON.plusSeconds(1), 2)));

        long dropped = journal().deleteBefore(kind, NOON.plusSeconds(1), 10);

        assertThat(dropped).isEqualTo(1);
        assertThat(journal().read(query("a", NOON, NOON.plusSeconds(9), Optional.empty(), 10)))
                .hasSize(1);
    }

    @Test
    void dropsTheOldestOfEveryAccountAndNoMoreThanAsked() {
        journal()
                .append(List.of(
                        entry("", NOON, 1),
                        entry("a", NOON, 2),
                        entry("a", NOON, 3),
                        entry("b", NOON.plusSeconds(5), 4)));

        long first = journal().deleteBefore(kind, NOON.plusSeconds(1), 2);
        long second = journal().deleteBefore(kind, NOON.plusSeconds(1), 2);

        assertThat(first).isEqualTo(2);
        assertThat(second).isEqualTo(1);
        assertThat(journal().read(query("b", NOON, NOON.plusSeconds(9), Optional.empty(), 10)))
                .hasSize(1);
    }

    @Test
    void tellsWhatArrivedInItsOrderWhateverItsTimeAndAccount() {
        journal().append(List.of(entry("b", NOON.plusSeconds(9), 1), entry("a", NOON, 2)));
        journal().append(List.of(entry("a", NOON.plusSeconds(5), 3)));

        List<Journal.Place> first = journal().arrivals(kind, 0, 2);
        List<Journal.Place> rest = journal().arrivals(kind, first.getLast().sequence(), 10);

        assertThat(first).extracting(place -> (int) place.entry().body()[0]).containsExactly(1, 2);
        assertThat(first).extracting(place -> place.entry().account()).containsExactly("b", "a");
        assertThat(rest).extracting(place -> (int) place.entry().body()[0]).containsExactly(3);
        assertThat(journal().lastArrival(kind)).isEqualTo(rest.getLast().sequence());
    }

    @Test
    void neverMakesAnEntryVisibleBeforeOneThatIsStillToCome() throws InterruptedException {
        int writers = 4;
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    journal().append(List.of(entry("a", NOON, i), entry("b", NOON, i)));
                }
            }));
        }

        int followed = 0;
        long after = 0;
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (followed < writers * 100 && System.nanoTime() < deadline) {
            for (Journal.Place place : journal().arrivals(kind, after, 7)) {
                after = place.sequence();
                followed++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(followed).isEqualTo(writers * 100);
        assertThat(journal().arrivals(kind, after, 1)).isEmpty();
    }

    @Test
    void goesOnUpwardsAfterAllWasDropped() {
        journal().append(List.of(entry("a", NOON, 1)));
        long last = journal().lastArrival(kind);

        journal().deleteBefore(kind, NOON.plusSeconds(1), 10);
        journal().append(List.of(entry("a", NOON, 2)));

        assertThat(journal().lastArrival(kind)).isGreaterThan(last);
    }

    private JournalEntry entry(String account, Instant time, int body) {
        return new JournalEntry(kind, account, time, new byte[] {(byte) body});
    }

    private Journal.JournalQuery query(
            String account, Instant from, Instant to, Optional<Journal.Place> before, int limit) {
        return new Journal.JournalQuery(kind, account, from, to, before, limit);
    }
}
