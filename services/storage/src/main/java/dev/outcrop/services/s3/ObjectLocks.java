package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ChangeWitness;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;
import dev.outcrop.storage.buckets.Versioning;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRule;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;

/**
 * Versions that must not be deleted before their time, or while they are held.
 *
 * <p>Source: "Locking objects with Object Lock", Amazon S3 user guide.
 */
final class ObjectLocks {
    /** The lock as it is kept with a version, by names of members. */
    static final String MODE = "ObjectLockMode";

    static final String UNTIL = "ObjectLockRetainUntilDate";
    static final String HOLD = "ObjectLockLegalHoldStatus";

    private static final String GOVERNANCE = "GOVERNANCE";
    private static final int MOST_DAYS = 36_500;
    private static final int MOST_YEARS = 100;

    private final Access access;
    private final BucketDocuments documents;
    private final ObjectReads reads;
    private final InstantSource clock;

    ObjectLocks(Access access, BucketDocuments documents, ObjectReads reads, InstantSource clock) {
        this.access = access;
        this.documents = documents;
        this.reads = reads;
        this.clock = clock;
    }

    /** What a bucket that is created with locks has of its own. */
    static Map<String, String> settings() {
        return Map.of(
                BucketDocuments.Kind.OBJECT_LOCK.name(),
                BucketSettings.text(GetObjectLockConfigurationResponse.builder()
                        .objectLockConfiguration(
                                configuration -> configuration.objectLockEnabled(ObjectLockEnabled.ENABLED))
                        .build()));
    }

    static boolean isEnabled(Bucket bucket) {
        return bucket.settings().containsKey(BucketDocuments.Kind.OBJECT_LOCK.name());
    }

    /** Takes the lock out of what a reader is told who may not know of it. */
    static void hide(Bucket bucket, String key, Map<String, String> headers) {
        CallContext context = CallContext.current();
        String object = "arn:aws:s3:::" + bucket.name() + "/" + key;
        if (headers.containsKey(MODE) && !context.isAllowed("s3:GetObjectRetention", object)) {
            headers.remove(MODE);
            headers.remove(UNTIL);
        }
        if (headers.containsKey(HOLD) && !context.isAllowed("s3:GetObjectLegalHold", object)) {
            headers.remove(HOLD);
        }
    }

    GetObjectLockConfigurationResponse configuration(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.OBJECT_LOCK)
                .orElseThrow(() -> new AwsError(
                        "ObjectLockConfigurationNotFoundError",
                        404,
                        "Object Lock configuration does not exist for this bucket",
                        Map.of("BucketName", bucket.name())));
    }

    void configure(Bucket bucket, ObjectLockConfiguration configuration) {
        if (configuration == null || configuration.objectLockEnabled() != ObjectLockEnabled.ENABLED) {
            throw Errors.malformedXml();
        }
        if (bucket.versioning() != Versioning.ENABLED) {
            throw new AwsError(
                    "InvalidBucketState",
                    409,
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        }
        if (configuration.rule() != null) {
            check(configuration.rule().defaultRetention());
        }
        documents.put(
                bucket,
                BucketDocuments.Kind.OBJECT_LOCK,
                GetObjectLockConfigurationResponse.builder()
                        .objectLockConfiguration(configuration)
                        .build());
    }

    private static void check(DefaultRetention retention) {
        if (retention == null
                || retention.mode() == null
                || (retention.days() == null) == (retention.years() == null)) {
            throw Errors.malformedXml();
        }
        boolean days = retention.days() != null;
        int period = days ? retention.days() : retention.years();
        if (period < 1) {
            throw new AwsError(
                    "InvalidRetentionPeriod", 400, "Default retention period must be a positive integer value.");
        }
        if (period > (days ? MOST_DAYS : MOST_YEARS)) {
            throw new AwsError("InvalidRetentionPeriod", 400, "Default retention period too large");
        }
    }

    /** Refuses to have a bucket with locks forget its versions. */
    static void requireVersions(Bucket bucket, Versioning wanted) {
        if (isEnabled(bucket) && wanted != Versioning.ENABLED) {
            throw new AwsError(
                    "InvalidBucketState",
                    409,
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
    }

    /**
     * Checks what an upload says of locks.
     *
     * @param verified whether it brings a digest or checksum of its content, as uploads with locks must
     */
    void check(Bucket bucket, ObjectSettings settings, boolean verified) {
        Map<String, String> headers = settings.headers();
        if (!headers.containsKey(MODE) && !headers.containsKey(UNTIL) && !headers.containsKey(HOLD)) {
            return;
        }
        if (!isEnabled(bucket)) {
            throw Errors.invalidRequest("Bucket is missing ObjectLockConfiguration");
        }
        if (headers.containsKey(MODE) != headers.containsKey(UNTIL)) {
            throw Errors.invalidArgument(
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                    headers.containsKey(MODE) ? "x-amz-object-lock-retain-until-date" : "x-amz-object-lock-mode",
                    "");
        }
        if (headers.containsKey(MODE)) {
            requireFuture(until(headers).orElseThrow());
        }
        if (!verified) {
            throw Errors.invalidRequest("Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests"
                    + " with Object Lock parameters");
        }
    }

    private void requireFuture(Instant until) {
        if (!until.isAfter(clock.instant())) {
            throw Errors.invalidArgument(
                    "The retain until date must be in the future!",
                    "x-amz-object-lock-retain-until-date",
                    until.toString());
        }
    }

    /** The settings of a new version with the bucket's own retention, where they ask for none. */
    ObjectSettings withDefault(Bucket bucket, ObjectSettings settings) {
        if (!isEnabled(bucket) || settings.headers().containsKey(MODE)) {
            return settings;
        }
        return documents
                .find(bucket, BucketDocuments.Kind.OBJECT_LOCK)
                .map(found -> found.objectLockConfiguration().rule())
                .map(ObjectLockRule::defaultRetention)
                .map(retention -> {
                    Map<String, String> headers = new HashMap<>(settings.headers());
                    headers.put(MODE, retention.modeAsString());
                    headers.put(UNTIL, String.valueOf(end(retention).getEpochSecond()));
                    return settings.withHeaders(headers);
                })
                .orElse(settings);
    }

    private Instant end(DefaultRetention retention) {
        Instant now = clock.instant();
        return retention.days() != null
                ? now.plus(retention.days(), ChronoUnit.DAYS)
                : now.atOffset(ZoneOffset.UTC).plusYears(retention.years()).toInstant();
    }

    /**
     * Refuses to delete what is locked.
     *
     * @param bypass whether the caller may, and wants to, disregard retention in governance mode
     */
    void checkDelete(ObjectVersion version, boolean bypass) {
        Map<String, String> headers = version.settings().headers();
        boolean retained = until(headers).filter(clock.instant()::isBefore).isPresent();
        boolean passed = bypass && GOVERNANCE.equals(headers.get(MODE));
        if ("ON".equals(headers.get(HOLD)) || (retained && !passed)) {
            throw locked();
        }
    }

    private static AwsError locked() {
        return new AwsError("AccessDenied", 403, "Access Denied because object protected by object lock.");
    }

    private static Optional<Instant> until(Map<String, String> headers) {
        return Optional.ofNullable(headers.get(UNTIL)).map(Long::parseLong).map(Instant::ofEpochSecond);
    }

    private Bucket lockable(String name, String expectedOwner) {
        Bucket bucket = access.reached(name, expectedOwner);
        if (!isEnabled(bucket)) {
            throw Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
        return bucket;
    }

    GetObjectRetentionResponse retention(GetObjectRetentionRequest request) {
        Bucket bucket = lockable(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "GET");
        Map<String, String> headers = version.settings().headers();
        Instant until = until(headers).orElseThrow(ObjectLocks::notLocked);
        return GetObjectRetentionResponse.builder()
                .retention(retention -> retention.mode(headers.get(MODE)).retainUntilDate(until))
                .build();
    }

    private static AwsError notLocked() {
        return new AwsError(
                "NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration");
    }

    void retain(PutObjectRetentionRequest request) {
        Bucket bucket = lockable(request.bucket(), request.expectedBucketOwner());
        Optional<ObjectLockRetention> wanted = Optional.ofNullable(request.retention())
                .filter(given -> given.mode() != null || given.retainUntilDate() != null);
        wanted.ifPresent(this::check);
        boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention());
        change(bucket, request.key(), request.versionId(), headers -> {
            checkChange(headers, wanted, bypass);
            headers.remove(MODE);
            headers.remove(UNTIL);
            wanted.ifPresent(retention -> {
                headers.put(MODE, retention.modeAsString());
                headers.put(UNTIL, String.valueOf(retention.retainUntilDate().getEpochSecond()));
            });
        });
    }

    private void check(ObjectLockRetention retention) {
        if (retention.mode() == null || retention.retainUntilDate() == null) {
            throw Errors.malformedXml();
        }
        requireFuture(retention.retainUntilDate());
    }

    /** Retention may be made longer; for the rest, governance needs a bypass, and compliance allows nothing. */
    private void checkChange(Map<String, String> present, Optional<ObjectLockRetention> wanted, boolean bypass) {
        Optional<Instant> until = until(present).filter(clock.instant()::isBefore);
        if (until.isEmpty()) {
            return;
        }
        String mode = present.get(MODE);
        boolean longer = wanted.filter(retention -> retention.modeAsString().equals(mode)
                        && retention.retainUntilDate().getEpochSecond()
                                >= until.get().getEpochSecond())
                .isPresent();
        boolean passed = bypass && GOVERNANCE.equals(mode);
        if (!longer && !passed) {
            throw locked();
        }
    }

    GetObjectLegalHoldResponse legalHold(GetObjectLegalHoldRequest request) {
        Bucket bucket = lockable(request.bucket(), request.expectedBucketOwner());
        ObjectVersion version = reads.version(bucket, request.key(), request.versionId(), "GET");
        String status = version.settings().headers().get(HOLD);
        if (status == null) {
            throw notLocked();
        }
        return GetObjectLegalHoldResponse.builder()
                .legalHold(hold -> hold.status(status))
                .build();
    }

    void hold(PutObjectLegalHoldRequest request) {
        Bucket bucket = lockable(request.bucket(), request.expectedBucketOwner());
        if (request.legalHold() == null || request.legalHold().status() == null) {
            throw Errors.malformedXml();
        }
        change(bucket, request.key(), request.versionId(), headers -> {
            headers.put(HOLD, request.legalHold().statusAsString());
        });
    }

    private void change(Bucket bucket, String key, String versionId, Consumer<Map<String, String>> change) {
        reads.change(bucket, reads.version(bucket, key, versionId, "PUT"), ChangeWitness.NONE, change);
    }
}
