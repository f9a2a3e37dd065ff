package dev.outcrop.services.cloudwatch;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All series that there are, in memory and as records. Not safe for concurrent use but for {@link #store}. */
final class SeriesCatalog {
    /** The type of its records. */
    static final String TYPE = "cloudwatch:metric";

    /** How much later the last measurement must be to be written anew. */
    private static final long STALE_SECONDS = 1800;

    private final Records records;
    private final NavigableMap<MetricKey, SortedMap<String, Series>> series = new TreeMap<>();

    SeriesCatalog(Records records) {
        this.records = records;
    }

    /** A metric's measurements of one unit. */
    static final class Series {
        private final MetricKey metric;
        private final String unit;
        private final String id;
        private long last;
        private long storedLast;

        private Series(MetricKey metric, String unit, long last, long storedLast) {
            this.metric = metric;
            this.unit = unit;
            id = Fingerprint.of(body(metric, unit, 0));
            this.last = last;
            this.storedLast = storedLast;
        }

        MetricKey metric() {
            return metric;
        }

        String unit() {
            return unit;
        }

        String id() {
            return id;
        }

        /** When what was last measured was measured, in seconds since 1970. */
        long last() {
            return last;
        }
    }

    private static byte[] body(MetricKey metric, String unit, long last) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            Ingestion.write(data, metric);
            data.writeUTF(unit);
            data.writeLong(last);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Reads what is stored. */
    void load() {
        records.all(TYPE, Optional.empty()).forEach(record -> {
            try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(record.body()))) {
                MetricKey metric = Ingestion.readMetric(data);
                String unit = data.readUTF();
                long last = data.readLong();
                put(new Series(metric, unit, last, last));
            } catch (IOException damaged) {
                throw new UncheckedIOException("a metric cannot be read", damaged);
            }
        });
    }

    private Series put(Series fresh) {
        series.computeIfAbsent(fresh.metric, metric -> new TreeMap<>()).put(fresh.unit, fresh);
        return fresh;
    }

    /** The series that a measurement belongs to, which from now on is there. */
    Series of(Measurement measurement) {
        SortedMap<String, Series> units = series.get(measurement.metric());
        Series present = units == null ? null : units.get(measurement.unit());
        if (present == null) {
            present = put(new Series(measurement.metric(), measurement.unit(), measurement.seconds(), Long.MIN_VALUE));
        }
        present.last = Math.max(present.last, measurement.seconds());
        return present;
    }

    /** The series of a metric, by unit. */
    Collection<Series> of(MetricKey metric) {
        SortedMap<String, Series> units = series.get(metric);
        return units == null ? List.of() : units.values();
    }

    /**
     * The metrics of an account and region in their order, with the time of their last measurement.
     *
     * @param namespace whose; empty for all
     */
    NavigableMap<MetricKey, Long> metrics(String account, String region, Optional<String> namespace) {
        NavigableMap<MetricKey, Long> found = new TreeMap<>();
        MetricKey first = new MetricKey(account, region, namespace.orElse(""), "", new TreeMap<>());
        for (var entry : series.tailMap(first, true).entrySet()) {
            MetricKey metric = entry.getKey();
            if (!metric.account().equals(account)
                    || !metric.region().equals(region)
                    || (namespace.isPresent() && !metric.namespace().equals(namespace.get()))) {
                break;
            }
            found.put(
                    metric,
                    entry.getValue().values().stream()
                            .mapToLong(Series::last)
                            .max()
                            .orElse(0));
        }
        return found;
    }

    /** What is to be written, as bodies by their series. */
    List<Series> changed() {
        List<Series> changed = new ArrayList<>();
        series.values()
                .forEach(units -> units.values().forEach(one -> {
                    if (one.storedLast == Long.MIN_VALUE || one.last - one.storedLast > STALE_SECONDS) {
                        changed.add(one);
                    }
                }));
        return changed;
    }

    /** Writes some of what has changed. */
    void store(List<Series> some) {
        records.write(transaction -> {
            some.forEach(one -> store(transaction, one));
            return null;
        });
    }

    private static void store(RecordTransaction transaction, Series one) {
        RecordKey key = new RecordKey(TYPE, one.metric.account(), one.metric.region(), one.id);
        Optional<StoredRecord> present = transaction.get(key);
        long last = one.last;
        Instant now = Instant.ofEpochSecond(last);
        if (present.isEmpty()) {
            transaction.insert(key, "", Optional.empty(), now, body(one.metric, one.unit, last));
        } else {
            transaction.update(key, present.get().version(), Optional.empty(), now, body(one.metric, one.unit, last));
        }
        one.storedLast = last;
    }

    /** Forgets the series that nothing was measured of since a time. */
    void forgetBefore(long seconds) {
        List<Series> old = new ArrayList<>();
        series.values()
                .forEach(units -> units.values().stream()
                        .filter(one -> one.last < seconds)
                        .forEach(old::add));
        if (old.isEmpty()) {
            return;
        }
        records.write(transaction -> {
            old.forEach(
                    one -> transaction.delete(new RecordKey(TYPE, one.metric.account(), one.metric.region(), one.id)));
            return null;
        });
        for (Series one : old) {
            SortedMap<String, Series> units = series.get(one.metric);
            units.remove(one.unit);
            if (units.isEmpty()) {
                series.remove(one.metric);
            }
        }
    }
}
