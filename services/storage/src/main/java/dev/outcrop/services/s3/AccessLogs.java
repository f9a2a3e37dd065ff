package dev.outcrop.services.s3;

import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.checksum.Checksum;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.BucketMissingException;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersions;
import dev.outcrop.storage.buckets.Uploads;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.PartitionedPrefix;

/**
 * Server access logs: what was asked of a bucket, delivered every few minutes as objects of another one. As on AWS that is
 * no account to rely on: lines that are not delivered yet are lost when the process is killed, and where more are
 * written than can be held. The audit trail is what nothing is missing in.
 *
 * <p>Source: "Logging requests with server access logging", Amazon S3 user guide.
 */
public final class AccessLogs implements CallRecorder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogs.class);
    private static final Duration BETWEEN_DELIVERIES = Duration.ofMinutes(5);
    private static final int MOST_LINES = 50_000;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd", Locale.ROOT);
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT);

    private final Buckets buckets;
    private final LoggingConfigurations configurations;
    private final ObjectVersions versions;
    private final Contents contents;
    private final Ids ids;
    private final InstantSource clock;
    /** Which buckets have a log, so that calls of others cost a look into memory. */
    private final ConcurrentMap<String, Seen> logged = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, BlockingQueue<String>> lines = new ConcurrentHashMap<>();

    /** A bucket as it is, and whether it has a log. */
    private record Seen(Bucket bucket, boolean isLogged) {}

    public AccessLogs(Records records, Objects objects, Ids ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
        buckets = new Buckets(records);
        configurations = new LoggingConfigurations(new BucketDocuments(new BucketSettings(buckets)), buckets);
        versions = new ObjectVersions(records, clock);
        contents = new Contents(objects, new Uploads(records, versions));
        buckets.watch(logged::remove, logged::clear);
    }

    /** Delivers what was written. */
    public Chore chore() {
        return new Chore("s3-access-logs", BETWEEN_DELIVERIES, _ -> deliver());
    }

    @Override
    public void record(CallRecord call) {
        if (!call.service().equals("s3") || call.request().isEmpty()) {
            return;
        }
        SdkRequest request = call.request().get();
        Optional<String> name = Members.text(request, "Bucket").or(() -> Members.text(request, "DestinationBucket"));
        try {
            name.flatMap(this::logged).ifPresent(bucket -> add(bucket, AccessLogLine.of(call, request, bucket)));
        } catch (StorageException unreadable) {
            LOG.warn("a line of the access log of {} could not be written", name.orElse(""), unreadable);
        }
    }

    private void add(Bucket bucket, String line) {
        BlockingQueue<String> queue = lines.computeIfAbsent(bucket.name(), _ -> new LinkedBlockingQueue<>(MOST_LINES));
        while (!queue.offer(line)) {
            queue.poll(); // The oldest line makes room.
        }
    }

    /** Names that are no bucket's are not remembered, since anybody can think of many. */
    private Optional<Bucket> logged(String name) {
        Seen seen = logged.computeIfAbsent(
                name,
                _ -> buckets.find(name)
                        .map(bucket ->
                                new Seen(bucket, configurations.target(bucket).isPresent()))
                        .orElse(null));
        return Optional.ofNullable(seen).filter(Seen::isLogged).map(Seen::bucket);
    }

    void deliver() {
        lines.forEach((name, queue) -> {
            List<String> drained = new ArrayList<>();
            queue.drainTo(drained);
            Optional<Bucket> bucket = buckets.find(name);
            Optional<LoggingEnabled> target = bucket.flatMap(configurations::target);
            if (drained.isEmpty() || target.isEmpty()) {
                return;
            }
            try {
                deliver(bucket.get(), target.get(), String.join("\n", drained) + "\n");
            } catch (BucketMissingException | StorageException undelivered) {
                LOG.warn("{} lines of the access log of {} could not be delivered", drained.size(), name, undelivered);
            }
        });
    }

    private void deliver(Bucket bucket, LoggingEnabled target, String text) {
        Bucket destination = buckets.find(target.targetBucket()).orElse(bucket);
        boolean sameOwner = destination.owner().equals(bucket.owner());
        if (!destination.name().equals(target.targetBucket()) || !sameOwner) {
            return; // It is gone, or somebody else's by now.
        }
        Contents.Received received = contents.receive(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                Contents.Expected.NOTHING,
                Checksum.CRC64NVME,
                Optional.empty());
        versions.put(
                destination.name(),
                key(bucket, target),
                received.content(Checksum.CRC64NVME),
                new ObjectSettings(headers(destination, target), Map.of(), Map.of()),
                _ -> {});
    }

    private static Map<String, String> headers(Bucket destination, LoggingEnabled target) {
        List<Grant> granted = LoggingConfigurations.grants(target);
        if (granted.isEmpty() || !Ownership.hasLists(destination)) {
            return Map.of("ContentType", "text/plain");
        }
        AccessControlPolicy own = AccessControl.canned("private", destination.owner(), destination.owner());
        List<Grant> grants =
                Stream.concat(own.grants().stream(), granted.stream()).toList();
        return Map.of(
                "ContentType",
                "text/plain",
                AccessControl.HEADER,
                AccessControl.text(own.copy(list -> list.grants(grants))));
    }

    private String key(Bucket bucket, LoggingEnabled target) {
        Instant now = clock.instant();
        String prefix = target.targetPrefix() == null ? "" : target.targetPrefix();
        String name = NAME.format(now.atOffset(ZoneOffset.UTC)) + "-" + ids.uppercase(16);
        PartitionedPrefix partitioned = target.targetObjectKeyFormat() == null
                ? null
                : target.targetObjectKeyFormat().partitionedPrefix();
        return partitioned == null
                ? prefix + name
                : prefix + bucket.owner() + "/" + bucket.region() + "/" + bucket.name() + "/"
                        + DAY.format(now.atOffset(ZoneOffset.UTC)) + "/" + name;
    }

    /** Delivers what is left. */
    @Override
    public void close() {
        deliver();
    }
}
