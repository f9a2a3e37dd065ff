package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.SeasonalModel;
import dev.outcrop.engines.series.Summary;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What metrics are expected to be, by models that are trained when they are first asked for, on up to two weeks, and
 * anew every hour. Safe for concurrent use.
 */
final class AnomalyModels {
    /** How far back a model learns from. */
    static final Duration LEARNED = Duration.ofDays(14);

    private static final Duration GOOD_FOR = Duration.ofHours(1);
    private static final int MOST = 10_000;
    private static final int STEP = 300;

    private final SeriesStore store;
    private final AnomalyDetectors detectors;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TimeSeries.Origin, Trained> models = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TimeSeries.Origin, Trained> eldest) {
            return size() > MOST;
        }
    };

    AnomalyModels(SeriesStore store, AnomalyDetectors detectors, InstantSource clock) {
        this.store = store;
        this.detectors = detectors;
        this.clock = clock;
    }

    private record Trained(long at, AnomalyDetectors.Settings settings, Optional<SeasonalModel> model) {}

    /** What a statistic of a metric is expected to be; empty while there is too little to learn from. */
    Optional<SeasonalModel> of(TimeSeries.Origin metric) {
        long now = clock.instant().getEpochSecond();
        AnomalyDetectors.Settings settings = detectors.settings(metric);
        lock.lock();
        try {
            Trained present = models.get(metric);
            if (present == null || now - present.at >= GOOD_FOR.toSeconds() || !present.settings.equals(settings)) {
                present = new Trained(now, settings, train(metric, settings, now));
                models.put(metric, present);
            }
            return present.model;
        } finally {
            lock.unlock();
        }
    }

    private Optional<SeasonalModel> train(TimeSeries.Origin metric, AnomalyDetectors.Settings settings, long now) {
        long end = now - Math.floorMod(now, (long) STEP);
        NavigableMap<Long, Double> values = new TreeMap<>();
        for (int step = STEP; values.size() < SeasonalModel.FEWEST && step >= 60; step /= 5) {
            long start = end - LEARNED.toSeconds();
            NavigableMap<Long, Summary> known = store.read(metric.metric(), metric.unit(), start, end, step);
            known.forEach((time, summary) -> {
                OptionalDouble value = metric.statistic().of(summary);
                if (value.isPresent() && !settings.isExcluded(time)) {
                    TimeSeries.put(values, time, value.getAsDouble());
                }
            });
        }
        return train(values, settings.zone());
    }

    /** A model of values by their times. */
    static Optional<SeasonalModel> train(NavigableMap<Long, Double> values, ZoneId zone) {
        return values.size() < SeasonalModel.FEWEST
                ? Optional.empty()
                : Optional.of(SeasonalModel.train(
                        values.keySet().stream().mapToLong(Long::longValue).toArray(),
                        values.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        zone));
    }
}
