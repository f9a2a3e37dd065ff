package dev.outcrop.kernel.record;

import dev.outcrop.kernel.Measured;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.StorageException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What services measure as they work, for Amazon CloudWatch. It is added up in memory and written to the journal every
 * {@link #INTERVAL}, so that a call pays for an addition; what was not written yet is lost with the server, as the metrics
 * of AWS's services are told on a best-effort basis. Safe for concurrent use.
 */
public final class ServiceMetrics implements AutoCloseable {
    /** The most that a crash can cost. */
    public static final Duration INTERVAL = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMetrics.class);
    /** What comes beyond that between two writes is not counted. */
    private static final int MOST_SERIES = 20_000;
    /** Where more different values come, they are kept to two digits. */
    private static final int MOST_VALUES = 100;

    private static final MathContext COARSE = new MathContext(2);

    private final Consumer<List<JournalEntry>> journal;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ending = lock.newCondition();
    private Map<Origin, Map<Metric, Map<Double, Double>>> measured = new HashMap<>();
    private int series;
    private Optional<Thread> writer = Optional.empty();
    private boolean closing;

    /** @param journal keeps entries, as {@code Journal.append} does */
    public ServiceMetrics(Consumer<List<JournalEntry>> journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * What is measured.
     *
     * @param account    whose it is
     * @param namespace  such as {@code AWS/SQS}
     * @param dimensions by name, all of which stand together
     */
    public record Source(String account, String region, String namespace, Map<String, String> dimensions) {
        public Source {
            dimensions = Map.copyOf(dimensions);
        }
    }

    private record Origin(Source source, Instant minute) {}

    private record Metric(String name, String unit) {}

    /** Counts {@code value} of things. */
    public void count(Source source, String metric, double value) {
        measure(source, metric, "Count", value);
    }

    /**
     * Keeps a value.
     *
     * @param unit one of CloudWatch's
     */
    public void measure(Source source, String metric, String unit, double value) {
        Origin origin = new Origin(source, clock.instant().truncatedTo(ChronoUnit.MINUTES));
        Metric measuredMetric = new Metric(metric, unit);
        lock.lock();
        try {
            Map<Metric, Map<Double, Double>> own = measured.computeIfAbsent(origin, _ -> new HashMap<>());
            Map<Double, Double> values = own.get(measuredMetric);
            if (values == null) {
                if (series == MOST_SERIES) {
                    return;
                }
                series++;
                values = new HashMap<>();
                own.put(measuredMetric, values);
            }
            double kept = values.size() < MOST_VALUES ? value : coarse(value);
            values.merge(kept, 1.0, Double::sum);
            if (writer.isEmpty() && !closing) {
                writer = Optional.of(
                        Thread.ofPlatform().name("outcrop-metrics").daemon(true).start(this::run));
            }
        } finally {
            lock.unlock();
        }
    }

    private static double coarse(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).round(COARSE).doubleValue() : value;
    }

    private void run() {
        boolean last;
        do {
            last = waited();
            try {
                flush();
            } catch (StorageException failure) {
                LOG.warn("metrics of services could not be written", failure);
            }
        } while (!last);
    }

    /** Waits for the next time to write; true if it is the last one. */
    private boolean waited() {
        long left = INTERVAL.toNanos();
        lock.lock();
        try {
            while (!closing && left > 0) {
                left = ending.awaitNanos(left);
            }
            return closing;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what was measured so far. */
    public void flush() {
        Map<Origin, Map<Metric, Map<Double, Double>>> written;
        lock.lock();
        try {
            written = measured;
            measured = new HashMap<>();
            series = 0;
        } finally {
            lock.unlock();
        }
        List<JournalEntry> entries = new ArrayList<>(written.size());
        written.forEach((origin, metrics) -> entries.add(entry(origin, metrics)));
        if (!entries.isEmpty()) {
            journal.accept(entries);
        }
    }

    private static JournalEntry entry(Origin origin, Map<Metric, Map<Double, Double>> metrics) {
        List<Measured.Measurement> values = new ArrayList<>();
        metrics.forEach((metric, counts) -> counts.forEach(
                (value, count) -> values.add(new Measured.Measurement(metric.name, metric.unit, value, count))));
        Source source = origin.source;
        Measured all = new Measured(
                source.namespace, source.dimensions, List.of(Set.copyOf(source.dimensions.keySet())), values);
        return UsageEntries.measurement(source.account, source.region, all, origin.minute);
    }

    /** Writes what is left, and ends. */
    @Override
    public void close() {
        Optional<Thread> running;
        lock.lock();
        try {
            closing = true;
            ending.signalAll();
            running = writer;
        } finally {
            lock.unlock();
        }
        try {
            if (running.isPresent() && !running.get().join(Duration.ofSeconds(30))) {
                LOG.warn("the last metrics of services are not written");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
