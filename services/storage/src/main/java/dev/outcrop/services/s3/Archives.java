package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ChangeWitness;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.RestoreObjectRequest;
import software.amazon.awssdk.services.s3.model.RestoreObjectResponse;
import software.amazon.awssdk.services.s3.model.RestoreRequest;
import software.amazon.awssdk.services.s3.model.Tier;

/**
 * Objects in storage classes that cannot be read before they are restored. Their bytes are where all bytes are, so that a
 * restore has nothing to wait for: it holds from the moment that it is asked for.
 *
 * <p>Source: "Restoring an archived object" and "Archive retrieval options", Amazon S3 user guide.
 */
final class Archives {
    /** Until when a copy can be read, in seconds, as it is kept with the version. */
    static final String READABLE_UNTIL = "RestoredUntil";

    /** The status of a restore that begins. */
    private static final int ACCEPTED = 202;
    /** The status where there is a copy already, which only stays longer. */
    private static final int PROLONGED = 200;

    private static final Set<String> CLASSES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final Access access;
    private final ObjectReads reads;
    private final ObjectEvents events;
    private final InstantSource clock;

    Archives(Access access, ObjectReads reads, ObjectEvents events, InstantSource clock) {
        this.access = access;
        this.reads = reads;
        this.events = events;
        this.clock = clock;
    }

    private static boolean isArchived(ObjectVersion version) {
        return CLASSES.contains(storageClass(version));
    }

    static String storageClass(ObjectVersion version) {
        return version.settings().headers().getOrDefault("StorageClass", "STANDARD");
    }

    private static Optional<Instant> restoredUntil(ObjectVersion version, Instant now) {
        return Optional.ofNullable(version.settings().headers().get(READABLE_UNTIL))
                .map(Long::parseLong)
                .map(Instant::ofEpochSecond)
                .filter(now::isBefore);
    }

    /** Whether the bytes of a version may be read at {@code now}. */
    static boolean isReadable(ObjectVersion version, Instant now) {
        return !isArchived(version) || restoredUntil(version, now).isPresent();
    }

    static void requireReadable(ObjectVersion version, Instant now) {
        if (!isReadable(version, now)) {
            throw invalidState("The operation is not valid for the object's storage class", version);
        }
    }

    private static AwsError invalidState(String message, ObjectVersion version) {
        return new AwsError("InvalidObjectState", 403, message, Map.of("StorageClass", storageClass(version)));
    }

    /** What the header {@code x-amz-restore} says at {@code now}. */
    static Optional<String> restoreHeader(ObjectVersion version, Instant now) {
        if (!isArchived(version)) {
            return Optional.empty();
        }
        return restoredUntil(version, now)
                .map(until -> "ongoing-request=\"false\", expiry-date=\"" + HttpDates.format(until) + '"');
    }

    RestoreObjectResponse restore(RestoreObjectRequest request) {
        Bucket bucket = access.reached(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "POST");
        if (!isArchived(version)) {
            throw invalidState("Restore is not allowed for the object's current storage class", version);
        }
        RestoreRequest wanted = request.restoreRequest();
        check(wanted, version);
        Instant until = clock.instant()
                .plus(wanted.days(), ChronoUnit.DAYS)
                .plus(1, ChronoUnit.DAYS)
                .minusNanos(1)
                .truncatedTo(ChronoUnit.DAYS);
        boolean readable = isReadable(version, clock.instant());
        EventCause cause = EventCause.call();
        ChangeWitness witness = (transaction, in, restored) -> {
            if (!readable) {
                events.tell(transaction, ObjectEvent.RESTORE_BEGUN, cause, in, restored);
                events.tell(transaction, ObjectEvent.RESTORED, cause, in, restored);
            }
        };
        reads.change(
                bucket,
                version,
                witness,
                headers -> headers.put(READABLE_UNTIL, String.valueOf(until.getEpochSecond())));
        CallContext.current().answerWith(readable ? PROLONGED : ACCEPTED);
        return RestoreObjectResponse.builder().build();
    }

    private static void check(RestoreRequest wanted, ObjectVersion version) {
        if (wanted == null) {
            throw Errors.malformedXml();
        }
        if (wanted.type() != null || wanted.selectParameters() != null || wanted.outputLocation() != null) {
            throw AwsError.notImplemented("s3", "RestoreObject with SELECT");
        }
        if (wanted.days() == null) {
            throw Errors.malformedXml();
        }
        if (wanted.days() < 1) {
            throw Errors.invalidArgument(
                    "Days must be a positive integer value.",
                    "Days",
                    wanted.days().toString());
        }
        Tier tier = wanted.tier() != null || wanted.glacierJobParameters() == null
                ? wanted.tier()
                : wanted.glacierJobParameters().tier();
        if (tier == Tier.EXPEDITED && storageClass(version).equals("DEEP_ARCHIVE")) {
            throw Errors.invalidArgument(
                    "Retrieval option is not supported by this storage class", "Tier", tier.toString());
        }
    }
}
