package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.engines.logs.Position;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.cloudwatchlogs.SubscriptionFilters.Compiled;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.model.SubscriptionFilter;

/**
 * Takes events to where subscription filters want them. What is to be delivered is a record under the time at which it is
 * due before the call that brought the events is answered, and it goes when it was delivered, or a day later. It may be
 * delivered twice, and not in order.
 *
 * <p>Source: "Real-time processing of log data with subscriptions" of the Amazon CloudWatch Logs user guide. The ids of
 * events are not those that other operations tell.
 */
final class SubscriptionDeliveries {
    static final String TYPE = "logs:subscription-delivery";

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionDeliveries.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final int LARGEST = 700_000;
    private static final int AT_ONCE = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SubscriptionFilters filters;
    private final GroupStore store;
    private final Records records;
    private final GroupKeys keys;
    private final FunctionCalls functions;
    private final ServiceMetrics metrics;
    private final InstantSource clock;

    SubscriptionDeliveries(
            SubscriptionFilters filters,
            GroupStore store,
            Records records,
            GroupKeys keys,
            FunctionCalls functions,
            ServiceMetrics metrics,
            InstantSource clock) {
        this.filters = filters;
        this.store = store;
        this.records = records;
        this.keys = keys;
        this.functions = functions;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Writes down which filters want which events. */
    void take(StoredGroup group, String stream, List<LogEntry> events) {
        List<byte[]> deliveries = new ArrayList<>();
        for (Compiled filter : filters.of(group)) {
            List<LogEntry> wanted = new ArrayList<>();
            long size = 0;
            for (LogEntry event : events) {
                if (filter.pattern().matches(new String(event.message(), UTF_8))) {
                    if (!wanted.isEmpty() && size + event.message().length > LARGEST) {
                        deliveries.add(delivery(group, stream, filter.filter(), wanted));
                        wanted.clear();
                        size = 0;
                    }
                    wanted.add(event);
                    size += event.message().length;
                }
            }
            if (!wanted.isEmpty()) {
                deliveries.add(delivery(group, stream, filter.filter(), wanted));
            }
        }
        if (!deliveries.isEmpty()) {
            records.write(transaction -> {
                deliveries.forEach(body ->
                        transaction.insert(key(clock.instant()), group.id(), Optional.empty(), clock.instant(), body));
                return null;
            });
        }
    }

    private static RecordKey key(Instant due) {
        return new RecordKey(TYPE, "", "", "%016x-%s".formatted(due.toEpochMilli(), UUID.randomUUID()));
    }

    private byte[] delivery(StoredGroup group, String stream, SubscriptionFilter filter, List<LogEntry> events) {
        ObjectNode message = JSON.createObjectNode()
                .put("messageType", "DATA_MESSAGE")
                .put("owner", group.account())
                .put("logGroup", group.name())
                .put("logStream", stream);
        message.putArray("subscriptionFilters").add(filter.filterName());
        ArrayNode told = message.putArray("logEvents");
        for (LogEntry event : events) {
            long place = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
            told.addObject()
                    .put("id", EventIds.of(new Position(event.timestamp(), place)))
                    .put("timestamp", event.timestamp())
                    .put("message", new String(event.message(), UTF_8));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(message.toString().getBytes(UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        ObjectNode delivery = JSON.createObjectNode()
                .put("account", group.account())
                .put("region", group.region())
                .put("filter", filter.filterName())
                .put("group", group.name())
                .put("destination", filter.destinationArn())
                .put("events", events.size())
                .put("since", clock.millis());
        delivery.putObject("payload")
                .putObject("awslogs")
                .put("data", Base64.getEncoder().encodeToString(packed.toByteArray()));
        return keys.seal(group.id(), delivery.toString().getBytes(UTF_8));
    }

    Chore chore() {
        return new Chore("logs-subscriptions", INTERVAL, this::run);
    }

    /** Delivers all that is due. */
    void run(BooleanSupplier ending) {
        List<StoredRecord> due;
        do {
            String now = "%016x".formatted(clock.millis() + 1);
            due = records.list(RecordQuery.all(TYPE, AT_ONCE)).stream()
                    .filter(record -> record.key().id().compareTo(now) < 0)
                    .toList();
            for (StoredRecord record : due) {
                if (ending.getAsBoolean()) {
                    return;
                }
                deliver(record);
            }
        } while (due.size() == AT_ONCE);
    }

    private void deliver(StoredRecord record) {
        ObjectNode delivery;
        try {
            delivery = (ObjectNode) JSON.readTree(keys.unseal(record.parent(), record.body()));
        } catch (GeneralSecurityException | IOException closed) {
            LOG.warn("events of log group {} cannot be delivered now", record.parent(), closed);
            later(record);
            return;
        }
        String account = delivery.path("account").asText();
        String region = delivery.path("region").asText();
        Optional<StoredGroup> group = OwnCalls.call(
                account, region, "", () -> store.find(delivery.path("group").asText()));
        if (group.isEmpty() || !group.get().id().equals(record.parent())) {
            records.write(transaction -> transaction.delete(record.key()));
            return;
        }
        boolean delivered = functions.call(
                group.get(),
                delivery.path("destination").asText(),
                delivery.path("payload").toString());
        measure(group.get(), delivery, delivered);
        if (delivered || clock.millis() - delivery.path("since").asLong() > LONGEST.toMillis()) {
            records.write(transaction -> transaction.delete(record.key()));
        } else {
            later(record);
        }
    }

    private void later(StoredRecord record) {
        Instant due = clock.instant().plus(PAUSE);
        RecordKey key = record.key();
        RecordKey moved = key(due);
        records.write(transaction -> {
            if (transaction.delete(key)) {
                transaction.insert(moved, record.parent(), Optional.empty(), clock.instant(), record.body());
            }
            return null;
        });
    }

    private void measure(StoredGroup group, ObjectNode delivery, boolean delivered) {
        ServiceMetrics.Source source = new ServiceMetrics.Source(
                group.account(),
                group.region(),
                "AWS/Logs",
                Map.of(
                        "LogGroupName",
                        group.name(),
                        "DestinationType",
                        "Lambda",
                        "FilterName",
                        delivery.path("filter").asText()));
        if (delivered) {
            metrics.count(source, "ForwardedLogEvents", delivery.path("events").asDouble());
            metrics.measure(
                    source,
                    "ForwardedBytes",
                    "Bytes",
                    delivery.path("payload").toString().length());
        } else {
            metrics.count(source, "DeliveryErrors", delivery.path("events").asDouble());
        }
    }
}
