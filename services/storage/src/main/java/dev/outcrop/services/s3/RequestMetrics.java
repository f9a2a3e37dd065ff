package dev.outcrop.services.s3;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.NamedDocuments;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.ObjectVersions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.MetricsAndOperator;
import software.amazon.awssdk.services.s3.model.MetricsConfiguration;
import software.amazon.awssdk.services.s3.model.MetricsFilter;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Tells CloudWatch of the requests that buckets get, as far as their metrics configurations ask for it: each under the id of
 * every configuration whose filter its object passes. A configuration counts half a minute after it was made or changed.
 * Requests by access points are in none, nor are the bytes that SelectObjectContent reads and gives.
 *
 * <p>Source: "Amazon S3 request metrics in CloudWatch" and "CloudWatch metrics configurations", Amazon S3 user guide.
 */
public final class RequestMetrics implements CallRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(RequestMetrics.class);
    private static final String KIND = "metrics";
    private static final Duration REMEMBERED = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_CONFIGURATIONS = 1000;
    private static final double MILLISECOND = 1e6;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    /** What lists, though it is not called so. */
    private static final Set<String> LISTS =
            Set.of("ListMultipartUploads", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListParts");

    private static final Set<String> OBJECT_GETS = Set.of(
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging");

    private static final Set<String> OBJECT_PUTS = Set.of(
            "CopyObject",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "UploadPart",
            "UploadPartCopy");

    private static final Set<String> OBJECT_DELETES =
            Set.of("AbortMultipartUpload", "DeleteObject", "DeleteObjects", "DeleteObjectTagging");
    private static final Set<String> POSTS =
            Set.of("CompleteMultipartUpload", "CreateMultipartUpload", "RestoreObject");

    private final Buckets buckets;
    private final BucketConfigurationLists<MetricsConfiguration> configurations;
    private final ObjectVersions versions;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final ConcurrentMap<String, Seen> seen = new ConcurrentHashMap<>();

    /** What is known of a bucket until then; names that are no bucket's are not remembered. */
    private record Seen(Bucket bucket, List<MetricsConfiguration> configurations, Instant until) {}

    public RequestMetrics(Records records, ServiceMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        buckets = new Buckets(records);
        configurations = of(new NamedDocuments(records), MOST_CONFIGURATIONS);
        versions = new ObjectVersions(records, clock);
    }

    /** The configurations of buckets. */
    static BucketConfigurationLists<MetricsConfiguration> of(NamedDocuments documents, int most) {
        return BucketConfigurationLists.of(documents, KIND, most, MetricsConfiguration::builder);
    }

    @Override
    public void record(CallRecord call) {
        if (!call.service().equals("s3") || call.request().isEmpty()) {
            return;
        }
        SdkRequest request = call.request().get();
        Optional<String> name = Members.text(request, "Bucket").or(() -> Members.text(request, "DestinationBucket"));
        try {
            name.flatMap(this::configured).ifPresent(bucket -> count(call, request, bucket));
        } catch (StorageException unreadable) {
            LOG.warn("a request to the bucket {} is in none of its metrics", name.orElse(""), unreadable);
        }
    }

    private Optional<Seen> configured(String name) {
        Instant now = clock.instant();
        Seen known = seen.get(name);
        if (known == null || known.until.isBefore(now)) {
            if (seen.size() >= MOST_REMEMBERED) {
                seen.clear();
            }
            known = seen.compute(
                    name,
                    (_, _) -> buckets.find(name)
                            .map(bucket -> new Seen(bucket, configurations.all(bucket), now.plus(REMEMBERED)))
                            .orElse(null));
        }
        return Optional.ofNullable(known).filter(found -> !found.configurations.isEmpty());
    }

    private void count(CallRecord call, SdkRequest request, Seen bucket) {
        Optional<String> key = Members.text(request, "Key").or(() -> Members.text(request, "DestinationKey"));
        for (MetricsConfiguration configuration : bucket.configurations) {
            if (passes(configuration.filter(), bucket.bucket.name(), key)) {
                count(
                        call,
                        request,
                        new Source(
                                bucket.bucket.owner(),
                                bucket.bucket.region(),
                                "AWS/S3",
                                Map.of("BucketName", bucket.bucket.name(), "FilterId", configuration.id())));
            }
        }
    }

    /** Whether a request is about an object that a filter wants; without a filter all are. */
    private boolean passes(MetricsFilter filter, String bucket, Optional<String> key) {
        if (filter == null) {
            return true;
        }
        MetricsAndOperator all = filter.and() == null
                ? MetricsAndOperator.builder()
                        .prefix(filter.prefix())
                        .tags(filter.tag() == null ? List.of() : List.of(filter.tag()))
                        .accessPointArn(filter.accessPointArn())
                        .build()
                : filter.and();
        if (all.accessPointArn() != null || key.isEmpty()) {
            return false;
        }
        if (all.prefix() != null && !key.get().startsWith(all.prefix())) {
            return false;
        }
        return all.tags().isEmpty()
                || versions.current(bucket, key.get())
                        .filter(version -> hasTags(version, all.tags()))
                        .isPresent();
    }

    private static boolean hasTags(ObjectVersion version, List<Tag> tags) {
        return tags.stream()
                .allMatch(tag -> tag.value().equals(version.settings().tags().get(tag.key())));
    }

    private void count(CallRecord call, SdkRequest request, Source source) {
        metrics.count(source, "AllRequests", 1);
        kind(call.operation()).ifPresent(kind -> metrics.count(source, kind, 1));
        int status = call.failure().map(Answer.Failure::status).orElse(0);
        metrics.count(source, "4xxErrors", status >= CLIENT_ERROR && status < SERVER_ERROR ? 1 : 0);
        metrics.count(source, "5xxErrors", status >= SERVER_ERROR ? 1 : 0);
        metrics.measure(source, "FirstByteLatency", "Milliseconds", firstByteMillis(call));
        metrics.measure(source, "TotalRequestLatency", "Milliseconds", call.durationNanos() / MILLISECOND);
        if (call.failure().isEmpty()) {
            uploaded(call, request).ifPresent(bytes -> metrics.measure(source, "BytesUploaded", "Bytes", bytes));
            downloaded(call, request, source.dimensions().get("BucketName"))
                    .ifPresent(bytes -> metrics.measure(source, "BytesDownloaded", "Bytes", bytes));
        }
    }

    private static Optional<String> kind(String operation) {
        if (LISTS.contains(operation)) {
            return Optional.of("ListRequests");
        }
        if (operation.startsWith("Head")) {
            return Optional.of("HeadRequests");
        }
        if (OBJECT_GETS.contains(operation)) {
            return Optional.of("GetRequests");
        }
        if (OBJECT_PUTS.contains(operation)) {
            return Optional.of("PutRequests");
        }
        if (OBJECT_DELETES.contains(operation)) {
            return Optional.of("DeleteRequests");
        }
        if (POSTS.contains(operation)) {
            return Optional.of("PostRequests");
        }
        return operation.equals("SelectObjectContent") ? Optional.of("SelectRequests") : Optional.empty();
    }

    /** What is streamed says when it began; everything else is answered at once. */
    private static double firstByteMillis(CallRecord call) {
        CallContext context = call.context();
        OptionalLong first = context.metering().firstOutputNanos();
        return first.isPresent()
                ? Duration.between(context.startedAt(), context.at(first.getAsLong()))
                                .toNanos()
                        / MILLISECOND
                : call.durationNanos() / MILLISECOND;
    }

    private static Optional<Double> uploaded(CallRecord call, SdkRequest request) {
        return switch (call.operation()) {
            case "PutObject", "UploadPart" ->
                Members.number(request, "ContentLength").map(Long::doubleValue);
            default -> Optional.empty();
        };
    }

    /** As many bytes as the object has, or as many of them as were asked for. */
    private Optional<Double> downloaded(CallRecord call, SdkRequest request, String bucket) {
        if (!call.operation().equals("GetObject")
                || Members.number(request, "PartNumber").isPresent()) {
            return Optional.empty();
        }
        String key = Members.text(request, "Key").orElse("");
        Supplier<Optional<ObjectVersion>> current = () -> versions.current(bucket, key);
        Optional<ObjectVersion> version = Members.text(request, "VersionId")
                .map(id -> versions.version(bucket, key, id))
                .orElseGet(current);
        return version.filter(found -> !found.deleteMarker())
                .map(found ->
                        length(Members.text(request, "Range"), found.content().size()));
    }

    private static double length(Optional<String> range, long size) {
        try {
            return range.flatMap(header -> ByteRange.parse(header, size))
                    .map(ByteRange::length)
                    .orElse(size);
        } catch (AwsError replaced) {
            return 0; // It has become shorter since it was read.
        }
    }
}
