package dev.outcrop.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.storage.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What each account has used by day, service and model, summed up of the usage entries in the journal.
 *
 * <p>The journal is read in the order of arrival and cannot be asked for a day. So the sums are kept in memory, and whoever
 * asks for them first has what has arrived since added, but for no longer than {@link #LONGEST_READ}: the journal of a busy
 * quarter takes several such askings after a start. Days are UTC's. Kept are as many as the journal has (90 unless the
 * configuration says otherwise), and {@link #LONGEST_MEMORY} at most.
 */
final class UsageLedger {
    /** How long one who asks waits for what has arrived to be read. */
    static final Duration LONGEST_READ = Duration.ofSeconds(2);

    /** How old the sums get while a server runs. */
    static final Duration LONGEST_MEMORY = Duration.ofDays(400);

    private static final int READ_AT_ONCE = 2_000;

    private final Journal journal;
    private final ReentrantLock reading = new ReentrantLock();
    private final Map<String, TreeMap<LocalDate, Map<Use, Sum>>> accounts = new HashMap<>();
    private long followed;
    private Instant latest = Instant.EPOCH;

    UsageLedger(Journal journal) {
        this.journal = journal;
    }

    /** What was used: the model is empty where none was. */
    record Use(String service, String model) {}

    /** How much of something an account has used on one day. */
    record Line(
            LocalDate day,
            Use use,
            long calls,
            long failed,
            Map<String, Double> amounts,
            BigDecimal price,
            String currency) {}

    /**
     * What an account has used.
     *
     * @param lines    by day, the dearest of a day first
     * @param complete whether all that has been recorded is in it; otherwise one asks again
     * @param through  the time of the latest entry that is in it
     */
    record Usage(List<Line> lines, boolean complete, Instant through) {}

    /** What {@code account} has used from the day {@code from} to the day {@code to}, both included. */
    Usage usage(String account, LocalDate from, LocalDate to) {
        reading.lock();
        try {
            boolean complete = follow();
            List<Line> lines = new ArrayList<>();
            accounts.getOrDefault(account, new TreeMap<>())
                    .subMap(from, true, to, true)
                    .forEach((day, uses) -> uses.entrySet().stream()
                            .map(entry -> entry.getValue().line(day, entry.getKey()))
                            .sorted(Comparator.comparing(Line::price)
                                    .reversed()
                                    .thenComparing(line -> line.use().service())
                                    .thenComparing(line -> line.use().model()))
                            .forEach(lines::add));
            return new Usage(lines, complete, latest);
        } finally {
            reading.unlock();
        }
    }

    /** Adds what has arrived; false if there is more of it than the time allows. */
    private boolean follow() {
        long deadline = System.nanoTime() + LONGEST_READ.toNanos();
        List<Journal.Place> arrived;
        do {
            arrived = journal.arrivals(UsageEntries.KIND, followed, READ_AT_ONCE);
            for (Journal.Place place : arrived) {
                add(place);
                followed = place.sequence();
            }
        } while (arrived.size() == READ_AT_ONCE && System.nanoTime() < deadline);
        LocalDate oldest = LocalDate.ofInstant(latest, ZoneOffset.UTC).minusDays(LONGEST_MEMORY.toDays());
        accounts.values().forEach(days -> days.headMap(oldest).clear());
        return arrived.size() < READ_AT_ONCE;
    }

    private void add(Journal.Place place) {
        JsonNode entry = read(place.entry().body());
        String service = entry.path("service").asText();
        if (service.isEmpty()) {
            return; // What a service has measured of itself is nobody's use.
        }
        Instant time = place.entry().time();
        latest = time.isAfter(latest) ? time : latest;
        accounts.computeIfAbsent(place.entry().account(), _ -> new TreeMap<>())
                .computeIfAbsent(LocalDate.ofInstant(time, ZoneOffset.UTC), _ -> new HashMap<>())
                .computeIfAbsent(new Use(service, entry.path("model").asText()), _ -> new Sum())
                .add(entry);
    }

    private static JsonNode read(byte[] body) {
        try {
            return ServerCall.JSON.readTree(body);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a usage entry cannot be read", damaged);
        }
    }

    private static final class Sum {
        private final Map<String, Double> amounts = new TreeMap<>();
        private long calls;
        private long failed;
        private BigDecimal price = BigDecimal.ZERO;
        private String currency = "USD";

        void add(JsonNode entry) {
            calls += entry.path("calls").asLong();
            failed += entry.path("failed").asLong();
            entry.path("amounts")
                    .properties()
                    .forEach(amount ->
                            amounts.merge(amount.getKey(), amount.getValue().asDouble(), Double::sum));
            price = price.add(new BigDecimal(entry.path("price").asText("0")));
            currency = entry.path("currency").asText(currency);
        }

        Line line(LocalDate day, Use use) {
            return new Line(day, use, calls, failed, Map.copyOf(amounts), price, currency);
        }
    }
}
