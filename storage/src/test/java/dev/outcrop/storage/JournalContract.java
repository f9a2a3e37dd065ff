package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every journal must do; each one's own test runs all of it. */
abstract class JournalContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final String kind = "test " + UUID.randomUUID();

    /** The journal under test, which other tests may have used before. */
    abstract Journal journal();

    @Test
    void dropsWhatIsOld() {
        journal().append(List.of(entry("a", NOON, 1), entry("b", NOON, 2)));
        journal().append(List.of(entry("a", NOON.plusSeconds(1), 3)));

        dropBefore(NOON.plusSeconds(1));

        assertThat(bodies(0, 10)).containsExactly(3);
    }

    @Test
    void dropsWhatArrivedTogetherWhenAllOfItIsOld() {
        journal().append(List.of(entry("a", NOON, 1), entry("a", NOON.plusSeconds(1), 2)));

        dropBefore(NOON.plusSeconds(1));
        List<Integer> early = bodies(0, 10);
        dropBefore(NOON.plusSeconds(2));

        assertThat(early).containsExactly(1, 2);
        assertThat(bodies(0, 10)).isEmpty();
    }

    @Test
    void dropsTheOldestFirstAndNoMoreThanAsked() {
        journal().append(List.of(entry("a", NOON.plusSeconds(1), 1)));
        journal().append(List.of(entry("a", NOON, 2)));
        journal().append(List.of(entry("b", NOON.plusSeconds(5), 3)));

        long dropped = journal().deleteBefore(kind, NOON.plusSeconds(3), 1);

        assertThat(dropped).isEqualTo(1);
        assertThat(bodies(0, 10)).containsExactly(1, 3);
    }

    @Test
    void keepsAccountTimeAndBodyOfEachOfManyThatArriveTogether() {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            byte[] body = ("{\"number\": " + i + "}").getBytes(StandardCharsets.UTF_8);
            entries.add(new JournalEntry(kind, "account " + i % 3, NOON.plusMillis(i % 7), body));
        }

        journal().append(entries);

        List<Journal.Place> found = journal().arrivals(kind, 0, 2000);
        assertThat(found)
                .extracting(place -> told(place.entry()))
                .isEqualTo(entries.stream().map(JournalContract::told).toList());
        List<Long> sequences = found.stream().map(Journal.Place::sequence).toList();
        assertThat(sequences).isSorted().doesNotHaveDuplicates();
        assertThat(journal().arrivals(kind, sequences.get(700), 20))
                .extracting(Journal.Place::sequence)
                .isEqualTo(sequences.subList(701, 721));
    }

    @Test
    void keepsEntriesOfAnyLength() {
        byte[] content = new byte[600_000];
        new Random(1).nextBytes(content);
        JournalEntry none = new JournalEntry(kind, "", NOON, new byte[0]);
        JournalEntry large = new JournalEntry(kind, "a", NOON, content);

        journal().append(List.of(none, large, none, large));
        journal().append(List.of(none));

        List<byte[]> found = journal().arrivals(kind, 0, 10).stream()
                .map(place -> place.entry().body())
                .toList();
        assertThat(found).extracting(body -> body.length).containsExactly(0, content.length, 0, content.length, 0);
        assertThat(Arrays.equals(found.get(3), content)).isTrue();
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

    private static String told(JournalEntry entry) {
        return entry.kind()
                + ' '
                + entry.account()
                + ' '
                + entry.time()
                + ' '
                + new String(entry.body(), StandardCharsets.UTF_8);
    }

    private List<Integer> bodies(long after, int limit) {
        return journal().arrivals(kind, after, limit).stream()
                .map(place -> (int) place.entry().body()[0])
                .toList();
    }

    private void dropBefore(Instant time) {
        while (journal().deleteBefore(kind, time, 1) > 0) {
            // The next row.
        }
    }
}
