package dev.outcrop.kernel.record;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Metering;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * Figures about the calls, in Prometheus' text format.
 *
 * <p>Source: "Exposition formats", version 0.0.4, of the Prometheus documentation.
 */
public final class Metrics implements CallRecorder {
    private static final double[] BOUNDS_SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };
    private static final int MOST_SERIES = 10_000;

    private final ConcurrentMap<Call, Series> calls = new ConcurrentHashMap<>();
    private final ConcurrentMap<Usage, DoubleAdder> usage = new ConcurrentHashMap<>();
    private final Map<String, Gauge> gauges = new TreeMap<>();

    @Override
    public void record(CallRecord call) {
        String code = call.failure().map(Answer.Failure::code).orElse("");
        Call key = new Call(call.service(), call.operation(), code);
        Series series = calls.get(key);
        if (series == null && calls.size() < MOST_SERIES) {
            series = calls.computeIfAbsent(key, fresh -> new Series());
        }
        if (series != null) {
            series.add(call.durationNanos());
        }
        Metering metering = call.context().metering();
        if (!metering.isEmpty() && usage.size() < MOST_SERIES) {
            String answeredBy = metering.answeredBy().orElse("");
            metering.amounts()
                    .forEach((unit, amount) -> usage.computeIfAbsent(
                                    new Usage(answeredBy, unit), fresh -> new DoubleAdder())
                            .add(amount));
        }
    }

    /** Adds a figure that is asked for when the metrics are read, such as a queue's length. */
    public void gauge(String name, String help, DoubleSupplier value) {
        synchronized (gauges) {
            gauges.put(name, new Gauge(help, value));
        }
    }

    /** All figures as text. */
    public String exposition() {
        StringBuilder text = new StringBuilder(4096);
        head(text, "outcrop_call_duration_seconds", "Time from a call's arrival to its answer.", "histogram");
        Map<String, Map.Entry<Call, Series>> sorted = new TreeMap<>();
        calls.entrySet().forEach(entry -> sorted.put(entry.getKey().toString(), entry));
        sorted.values().forEach(entry -> writeHistogram(text, entry.getKey(), entry.getValue()));
        head(text, "outcrop_usage_total", "What calls used, by the model that answered and the unit.", "counter");
        usage.forEach((key, amount) -> text.append("outcrop_usage_total{model=\"")
                .append(escaped(key.answeredBy))
                .append("\",unit=\"")
                .append(escaped(key.unit))
                .append("\"} ")
                .append(amount.sum())
                .append('\n'));
        synchronized (gauges) {
            gauges.forEach((name, gauge) -> {
                head(text, name, gauge.help, "gauge");
                text.append(name).append(' ').append(gauge.value.getAsDouble()).append('\n');
            });
        }
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void writeHistogram(StringBuilder text, Call call, Series series) {
        String labels = "service=\"" + escaped(call.service) + "\",operation=\"" + escaped(call.operation)
                + "\",error=\"" + escaped(call.code) + "\"";
        long total = 0;
        for (int i = 0; i <= BOUNDS_SECONDS.length; i++) {
            total += series.buckets[i].sum();
            text.append("outcrop_call_duration_seconds_bucket{").append(labels).append(",le=\"");
            text.append(i < BOUNDS_SECONDS.length ? Double.toString(BOUNDS_SECONDS[i]) : "+Inf");
            text.append("\"} ").append(total).append('\n');
        }
        text.append("outcrop_call_duration_seconds_sum{").append(labels).append("} ");
        text.append(series.nanos.sum() / 1e9).append('\n');
        text.append("outcrop_call_duration_seconds_count{").append(labels).append("} ");
        text.append(total).append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private record Call(String service, String operation, String code) {}

    private record Usage(String answeredBy, String unit) {}

    private record Gauge(String help, DoubleSupplier value) {}

    private static final class Series {
        private final LongAdder[] buckets = new LongAdder[BOUNDS_SECONDS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Series() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long duration) {
            double seconds = duration / 1e9;
            int bucket = 0;
            while (bucket < BOUNDS_SECONDS.length && seconds > BOUNDS_SECONDS[bucket]) {
                bucket++;
            }
            buckets[bucket].increment();
            nanos.add(duration);
        }
    }
}
