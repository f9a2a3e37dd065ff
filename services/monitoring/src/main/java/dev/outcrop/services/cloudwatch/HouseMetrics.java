package dev.outcrop.services.cloudwatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.series.Summary;
import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.storage.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The metrics of the house itself, made of what the kernel records of calls: {@code AWS/Usage} of all, {@code AWS/Bedrock}
 * of calls to models; and of what services have measured themselves. How far the record was followed is written with the
 * metrics, so that each call counts once.
 *
 * <p>Source: "AWS usage metrics", Amazon CloudWatch user guide, and "Amazon Bedrock runtime metrics" and "How tokens are
 * counted in Amazon Bedrock", Amazon Bedrock user guide. A call that failed before a model was chosen is in no metric of
 * Bedrock, nor are the records of batches.
 */
final class HouseMetrics {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READ_AT_ONCE = 1000;
    private static final int MINUTE = 60;
    private static final Duration TAKEN = Duration.ofDays(14);
    /** Metrics, and the units of what was used that they tell. */
    private static final Map<String, String> AMOUNTS = Map.of(
            "InputTokenCount",
            Metering.INPUT_TOKENS,
            "OutputTokenCount",
            Metering.OUTPUT_TOKENS,
            "CacheReadInputTokens",
            Metering.CACHE_READ_INPUT_TOKENS,
            "CacheWriteInputTokens",
            Metering.CACHE_WRITE_INPUT_TOKENS,
            "LegacyModelInvocations",
            Metering.LEGACY_MODEL_INVOCATIONS);

    private static final Set<String> MILLISECONDS = Set.of("InvocationLatency", "TimeToFirstToken");
    private static final Pattern BURNDOWN = Pattern.compile("anthropic\\.claude-(3-7|[a-z]+-[4-9])");
    private static final Set<String> SERVER_ERRORS = Set.of(
            "InternalServerException",
            "InternalFailure",
            "ServiceUnavailableException",
            "ModelErrorException",
            "ModelTimeoutException",
            "ModelNotReadyException",
            "ModelStreamErrorException",
            "NotImplementedException");

    private final Journal journal;
    private final SeriesStore store;
    private final UnaryOperator<String> serviceNames;
    private final InstantSource clock;

    /**
     * Metrics of the house.
     *
     * @param serviceNames what the services go by in metrics, by their ids
     */
    HouseMetrics(Journal journal, SeriesStore store, UnaryOperator<String> serviceNames, InstantSource clock) {
        this.journal = journal;
        this.store = store;
        this.serviceNames = serviceNames;
        this.clock = clock;
    }

    private record Slot(MetricKey metric, String unit, long seconds) {}

    /** Counts what was recorded since the last time. */
    void run(BooleanSupplier ending) {
        List<Journal.Place> arrived;
        do {
            arrived = journal.arrivals(UsageEntries.KIND, store.followed(), READ_AT_ONCE);
            if (!arrived.isEmpty()) {
                count(arrived);
            }
        } while (arrived.size() == READ_AT_ONCE && !ending.getAsBoolean());
    }

    private void count(List<Journal.Place> arrived) {
        Map<Slot, Summary> slots = new LinkedHashMap<>();
        long oldest = clock.instant().minus(TAKEN).getEpochSecond();
        for (Journal.Place place : arrived) {
            long seconds = place.entry().time().getEpochSecond();
            if (seconds > oldest) {
                count(read(place.entry().body()), seconds - Math.floorMod(seconds, (long) MINUTE), slots);
            }
        }
        List<Measurement> measurements = new ArrayList<>(slots.size());
        slots.forEach((slot, summary) ->
                measurements.add(new Measurement(slot.metric, slot.unit, slot.seconds, false, summary)));
        store.put(
                arrived.getFirst().entry().account(),
                measurements,
                OptionalLong.of(arrived.getLast().sequence()));
    }

    private void count(JsonNode entry, long seconds, Map<Slot, Summary> slots) {
        String account = entry.path("account").asText();
        if (account.isEmpty()) {
            return;
        }
        String region = entry.path("region").asText();
        for (JsonNode measured : entry.path("measured")) {
            countMeasured(measured, account, region, seconds, slots);
        }
        if (entry.path("calls").asLong(1) == 0 || entry.path("billing").asText().equals("BATCH")) {
            return; // What is no call, such as the hours of a model unit; a record of a batch.
        }
        String service = entry.path("service").asText();
        double calls = entry.path("calls").asDouble(1);
        SortedMap<String, String> dimensions = new TreeMap<>(Map.of(
                "Type",
                "API",
                "Resource",
                entry.path("operation").asText(),
                "Service",
                serviceNames.apply(service),
                "Class",
                "None"));
        MetricKey usage = new MetricKey(account, region, "AWS/Usage", "CallCount", dimensions);
        // Each call counts as a value of 1, so that both Sum and SampleCount are the calls.
        slots.merge(
                new Slot(usage, "None", seconds),
                Summary.of(new double[] {1}, new double[] {Math.max(1, calls)}),
                Summary::merged);
        if (service.equals("bedrock-runtime") && entry.hasNonNull("model")) {
            countModel(entry, account, region, seconds, slots);
        }
    }

    /** What a service measured itself: each value under each of its sets of dimensions. */
    private static void countMeasured(
            JsonNode measured, String account, String region, long seconds, Map<Slot, Summary> slots) {
        String namespace = measured.path("namespace").asText();
        for (JsonNode set : measured.path("sets")) {
            SortedMap<String, String> dimensions = new TreeMap<>();
            for (JsonNode name : set) {
                dimensions.put(
                        name.asText(),
                        measured.path("dimensions").path(name.asText()).asText());
            }
            for (JsonNode value : measured.path("values")) {
                MetricKey metric = new MetricKey(
                        account, region, namespace, value.path("metric").asText(), dimensions);
                slots.merge(
                        new Slot(metric, value.path("unit").asText(), seconds),
                        Summary.of(
                                new double[] {value.path("value").asDouble()},
                                new double[] {value.path("count").asDouble(1)}),
                        Summary::merged);
            }
        }
    }

    private static void countModel(
            JsonNode entry, String account, String region, long seconds, Map<Slot, Summary> slots) {
        Map<String, Double> values = new LinkedHashMap<>();
        Optional<String> error = Optional.ofNullable(entry.path("errorCode").textValue());
        if (error.isEmpty()) {
            values.put("Invocations", 1.0);
            JsonNode duration = entry.path("durationMillis");
            if (duration.isNumber()) {
                values.put("InvocationLatency", duration.asDouble());
            }
            put(values, "TimeToFirstToken", entry.path("firstOutputMillis"));
            AMOUNTS.forEach((metric, amount) ->
                    put(values, metric, entry.path("amounts").path(amount)));
            if (isFiltered(entry)) {
                values.put("ContentFilteredCount", 1.0);
            }
            if (!entry.hasNonNull("billing")) {
                values.put("EstimatedTPMQuotaUsage", quotaTokens(entry));
            }
        } else if (error.get().startsWith("Throttling")) {
            values.put("InvocationThrottles", 1.0);
        } else {
            values.put(SERVER_ERRORS.contains(error.get()) ? "InvocationServerErrors" : "InvocationClientErrors", 1.0);
        }
        String model = entry.path("model").asText();
        values.forEach((name, value) -> {
            String unit = MILLISECONDS.contains(name) ? "Milliseconds" : "Count";
            for (SortedMap<String, String> dimensions :
                    List.<SortedMap<String, String>>of(new TreeMap<>(Map.of("ModelId", model)), new TreeMap<>())) {
                MetricKey metric = new MetricKey(account, region, "AWS/Bedrock", name, dimensions);
                slots.merge(new Slot(metric, unit, seconds), Summary.of(value), Summary::merged);
            }
        });
    }

    /** Whether a guardrail stopped or changed the prompt or the answer. */
    private static boolean isFiltered(JsonNode entry) {
        for (JsonNode measured : entry.path("measured")) {
            for (JsonNode value : measured.path("values")) {
                if (measured.path("namespace").asText().equals("AWS/Bedrock/Guardrails")
                        && value.path("metric").asText().equals("InvocationsIntervened")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a call counts against the quota of tokens a minute: later models of Anthropic count each output token five times. */
    private static double quotaTokens(JsonNode entry) {
        JsonNode amounts = entry.path("amounts");
        double burndown = BURNDOWN.matcher(entry.path("model").asText()).find() ? 5 : 1;
        return amounts.path(Metering.INPUT_TOKENS).asDouble()
                + amounts.path(Metering.CACHE_WRITE_INPUT_TOKENS).asDouble()
                + burndown * amounts.path(Metering.OUTPUT_TOKENS).asDouble();
    }

    private static void put(Map<String, Double> values, String name, JsonNode amount) {
        if (amount.isNumber()) {
            values.put(name, amount.asDouble());
        }
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a usage entry cannot be read", damaged);
        }
    }
}
