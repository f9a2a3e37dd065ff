package dev.outcrop.services.invocationlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.ObjectMissingException;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.model.S3Config;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Delivers what was logged, in the order in which it was called, to S3 and to CloudWatch Logs, each from a place of its own,
 * so that neither waits for the other. What is put into a bucket is planned first, so that a delivery that was cut off is
 * done again under the same keys; to CloudWatch Logs a crash may send one piece twice. A destination that refuses is tried
 * again for a day, and then what it refused is given up.
 *
 * <p>Source: "Monitor model invocation using CloudWatch Logs and Amazon S3" and "CloudWatch metrics for Amazon Bedrock",
 * Amazon Bedrock user guide.
 */
final class InvocationDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(InvocationDelivery.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration GIVEN_UP = Duration.ofHours(24);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int READ_AT_ONCE = 100;
    private static final int LARGEST_BATCH = 1_000_000;
    private static final int COUNTED_BESIDE_EACH = 26;
    private static final int DROPPED_AT_ONCE = 500;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Journal journal;
    private final DeliveryPlaces places;
    private final Objects objects;
    private final Function<JournalEntry, byte[]> opener;
    private final Supplier<Clients> clients;
    private final Ids ids;
    private final InstantSource clock;
    private final ConcurrentMap<DeliveryPlaces.Place, Instant> notBefore = new ConcurrentHashMap<>();

    InvocationDelivery(
            Journal journal,
            Records records,
            Objects objects,
            Function<JournalEntry, byte[]> opener,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        this.journal = journal;
        this.places = new DeliveryPlaces(records, clock);
        this.objects = objects;
        this.opener = opener;
        this.clients = clients;
        this.ids = ids;
        this.clock = clock;
    }

    /** An invocation that is to be delivered. */
    private record Invocation(Instant time, ObjectNode entry) {
        String requestId() {
            return record().path("requestId").asText();
        }

        ObjectNode record() {
            return (ObjectNode) entry.get("record");
        }
    }

    Chore chore() {
        return new Chore("bedrock-invocation-logs", INTERVAL, this::run);
    }

    /** Delivers from now on what an account logs. */
    void follow(String account, String region) {
        for (Destination destination : Destination.values()) {
            places.begin(
                    new DeliveryPlaces.Place(account, region, destination), journal.lastArrival(InvocationLogs.KIND));
        }
    }

    /** Delivers all that there is. */
    void run(BooleanSupplier ending) {
        Instant begin = clock.instant();
        long last = journal.lastArrival(InvocationLogs.KIND);
        boolean done = true;
        for (DeliveryPlaces.Place place : places.all()) {
            try {
                boolean more = !notBefore.getOrDefault(place, Instant.EPOCH).isAfter(clock.instant());
                while (more && !ending.getAsBoolean()) {
                    more = step(place);
                }
            } catch (RuntimeException failure) {
                LOG.error("invocations of {} cannot be delivered now", place, failure);
                notBefore.put(place, clock.instant().plus(PAUSE));
            }
            done &= places.state(place).position() >= last;
        }
        // What has arrived since is younger than that.
        Instant kept = begin.minus(done ? INTERVAL : GIVEN_UP.plus(PAUSE));
        boolean old = true;
        while (old && !ending.getAsBoolean()) {
            old = journal.deleteBefore(InvocationLogs.KIND, kept, DROPPED_AT_ONCE) > 0;
        }
    }

    /** Goes on by one piece; false if there is nothing to do, or it cannot be done now. */
    private boolean step(DeliveryPlaces.Place place) {
        DeliveryPlaces.State state = places.state(place);
        List<Journal.Place> arrived = journal.arrivals(InvocationLogs.KIND, state.position(), READ_AT_ONCE).stream()
                .filter(arrival -> state.plan().isEmpty()
                        || arrival.sequence() <= state.plan().get().until())
                .toList();
        if (arrived.isEmpty()) {
            return false;
        }
        List<Invocation> own = own(place, arrived);
        long until = arrived.getLast().sequence();
        if (own.isEmpty()) {
            places.save(place, state.deliveredUntil(until));
            return true;
        }
        DeliveryPlaces.Plan plan =
                state.plan().orElseGet(() -> new DeliveryPlaces.Plan(until, clock.millis(), ids.hexadecimal(16)));
        if (state.plan().isEmpty()) {
            places.save(place, state.planning(plan));
        }
        Optional<String> refusal = delivered(place, plan, own);
        if (refusal.isEmpty()) {
            notBefore.remove(place);
            places.save(place, state.deliveredUntil(until));
            return true;
        }
        LOG.warn("invocations of {} cannot be delivered: {}", place, refusal.get());
        if (own.getLast().time.isBefore(clock.instant().minus(GIVEN_UP))) {
            places.save(place, state.deliveredUntil(until));
            return true;
        }
        notBefore.put(place, clock.instant().plus(PAUSE));
        return false;
    }

    private List<Invocation> own(DeliveryPlaces.Place place, List<Journal.Place> arrived) {
        List<Invocation> own = new ArrayList<>();
        for (Journal.Place arrival : arrived) {
            JournalEntry entry = arrival.entry();
            if (entry.account().equals(place.account())) {
                ObjectNode opened = InvocationEntry.read(opener.apply(entry));
                if (opened.path("region").asText().equals(place.region())
                        && opened.has(place.destination().field())) {
                    own.add(new Invocation(
                            Instant.parse(
                                    opened.path("record").path("timestamp").asText()),
                            opened));
                }
            }
        }
        return own;
    }

    /** Delivers; gives the code of the error if that cannot be done. */
    private Optional<String> delivered(DeliveryPlaces.Place place, DeliveryPlaces.Plan plan, List<Invocation> own) {
        Optional<String> refusal;
        try {
            OwnCalls.call(place.account(), place.region(), () -> {
                switch (place.destination()) {
                    case S3 -> toBucket(place, plan, own);
                    case LOGS -> toLogs(place, own);
                }
                return null;
            });
            refusal = Optional.empty();
        } catch (AwsServiceException error) {
            refusal = Optional.of(error.awsErrorDetails().errorCode());
        } catch (AwsError distrust) {
            refusal = Optional.of(distrust.code());
        }
        measure(place, place.destination().metric() + (refusal.isEmpty() ? "Success" : "Failure"));
        return refusal;
    }

    private void measure(DeliveryPlaces.Place place, String metric) {
        Measured measured = new Measured(
                "AWS/Bedrock", Map.of(), List.of(Set.of()), List.of(new Measured.Measurement(metric, "Count", 1)));
        journal.append(List.of(UsageEntries.measurement(place.account(), place.region(), measured, clock.instant())));
    }

    private void toBucket(DeliveryPlaces.Place place, DeliveryPlaces.Plan plan, List<Invocation> own) {
        Map<String, ByteArrayOutputStream> files = new TreeMap<>();
        Map<String, String> buckets = new TreeMap<>();
        for (Invocation invocation : own) {
            JsonNode destination = invocation.entry.get("s3");
            String bucket = destination.path("bucket").asText();
            String folder = folder(place, destination);
            ObjectNode record = invocation.record().deepCopy();
            putBody(place, invocation, destination, record, "input");
            putBody(place, invocation, destination, record, "output");
            putAttachments(place, invocation, bucket);
            String key = InvocationEntry.hourFolder(folder, place.region(), invocation.time)
                    + NAME.format(Instant.ofEpochMilli(plan.at())) + "_" + plan.unique() + ".json.gz";
            String file = bucket + "/" + key;
            buckets.put(file, bucket);
            files.computeIfAbsent(file, _ -> new ByteArrayOutputStream())
                    .writeBytes((record.toString() + "\n").getBytes(UTF_8));
        }
        files.forEach((file, content) -> {
            String bucket = buckets.get(file);
            put(place, bucket, file.substring(bucket.length() + 1), compressed(content.toByteArray()), true);
        });
    }

    private void toLogs(DeliveryPlaces.Place place, List<Invocation> own) {
        List<InputLogEvent> batch = new ArrayList<>();
        JsonNode destination = own.getFirst().entry.get("logs");
        int size = 0;
        for (Invocation invocation :
                own.stream().sorted(Comparator.comparing(Invocation::time)).toList()) {
            JsonNode next = invocation.entry.get("logs");
            ObjectNode record = invocation.record().deepCopy();
            if (next.has("large")) {
                putBody(place, invocation, next.get("large"), record, "input");
                putBody(place, invocation, next.get("large"), record, "output");
                if (!invocation.entry.has("s3")) {
                    putAttachments(
                            place, invocation, next.get("large").path("bucket").asText());
                }
            }
            String message = record.toString();
            int counted = message.getBytes(UTF_8).length + COUNTED_BESIDE_EACH;
            if (!batch.isEmpty() && (!next.equals(destination) || size + counted > LARGEST_BATCH)) {
                send(destination, batch);
                batch = new ArrayList<>();
                size = 0;
            }
            destination = next;
            size += counted;
            batch.add(InputLogEvent.builder()
                    .timestamp(invocation.time.toEpochMilli())
                    .message(message)
                    .build());
        }
        send(destination, batch);
    }

    private void send(JsonNode destination, List<InputLogEvent> batch) {
        CloudWatchLogsClient logs =
                clients.get().as(destination.path("role").asText()).of(CloudWatchLogsClient.class);
        String group = destination.path("group").asText();
        try {
            logs.putLogEvents(request -> request.logGroupName(group)
                    .logStreamName(LoggingSettings.STREAM)
                    .logEvents(batch));
        } catch (ResourceNotFoundException missing) {
            LoggingSettings.makeStream(logs, group);
            logs.putLogEvents(request -> request.logGroupName(group)
                    .logStreamName(LoggingSettings.STREAM)
                    .logEvents(batch));
        }
    }

    private static String folder(DeliveryPlaces.Place place, JsonNode destination) {
        return LoggingSettings.folder(
                S3Config.builder()
                        .keyPrefix(destination.path("prefix").asText())
                        .build(),
                place.account());
    }

    /** Puts a body that is too large for its record, and has the record say where it is. */
    private void putBody(
            DeliveryPlaces.Place place, Invocation invocation, JsonNode destination, ObjectNode record, String side) {
        String id = invocation.entry.path(side + "Object").asText("");
        if (id.isEmpty()) {
            return;
        }
        String bucket = destination.path("bucket").asText();
        String key = InvocationEntry.dataKey(
                folder(place, destination),
                place.region(),
                invocation.time,
                invocation.requestId() + "_" + side + ".json.gz");
        if (largeDelivered(place, bucket, key, id, true)) {
            ((ObjectNode) record.get(side)).put(side + "BodyS3Path", "s3://" + bucket + "/" + key);
        }
    }

    private void putAttachments(DeliveryPlaces.Place place, Invocation invocation, String bucket) {
        for (JsonNode attachment : invocation.entry.path("attachments")) {
            if (attachment.path("bucket").asText().equals(bucket)) {
                largeDelivered(
                        place,
                        bucket,
                        attachment.path("key").asText(),
                        attachment.path("object").asText(),
                        false);
            }
        }
    }

    private boolean largeDelivered(
            DeliveryPlaces.Place place, String bucket, String key, String id, boolean compressing) {
        byte[] content;
        try (InputStream object = objects.read(id, 0, Long.MAX_VALUE)) {
            content = object.readAllBytes();
        } catch (ObjectMissingException gone) {
            LOG.warn("what was to be {} is not there any more", key);
            return false;
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        try {
            put(place, bucket, key, compressing ? compressed(content) : content, compressing);
            measure(place, "ModelInvocationLargeDataS3DeliverySuccess");
            return true;
        } catch (AwsServiceException refusal) {
            measure(place, "ModelInvocationLargeDataS3DeliveryFailure");
            throw refusal;
        }
    }

    private void put(DeliveryPlaces.Place place, String bucket, String key, byte[] content, boolean json) {
        clients.get()
                .of(S3Client.class)
                .putObject(
                        request -> request.bucket(bucket)
                                .key(key)
                                .expectedBucketOwner(place.account())
                                .contentType(json ? "application/json" : "application/octet-stream")
                                .contentEncoding(json ? "gzip" : null),
                        RequestBody.fromBytes(content));
    }

    private static byte[] compressed(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }

    /** Where records go. */
    enum Destination {
        S3("s3", "ModelInvocationLogsS3Delivery"),
        LOGS("logs", "ModelInvocationLogsCloudWatchDelivery");

        private final String field;
        private final String metric;

        Destination(String field, String metric) {
            this.field = field;
            this.metric = metric;
        }

        /** What of an entry says so. */
        String field() {
            return field;
        }

        /** What the metrics of its deliveries begin with. */
        String metric() {
            return metric;
        }
    }
}
