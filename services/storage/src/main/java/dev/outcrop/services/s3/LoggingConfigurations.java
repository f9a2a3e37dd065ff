package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.BucketLoggingStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.LoggingEnabled;
import software.amazon.awssdk.services.s3.model.TargetObjectKeyFormat;

/**
 * Where the logs of access to buckets go.
 *
 * <p>Source: "PutBucketLogging", Amazon S3 API reference.
 */
final class LoggingConfigurations {
    private final BucketDocuments documents;
    private final Buckets buckets;

    LoggingConfigurations(BucketDocuments documents, Buckets buckets) {
        this.documents = documents;
        this.buckets = buckets;
    }

    GetBucketLoggingResponse get(Bucket bucket) {
        return documents
                .find(bucket, BucketDocuments.Kind.LOGGING)
                .orElseGet(() -> GetBucketLoggingResponse.builder().build());
    }

    /** Where the log of a bucket goes, if it has one. */
    Optional<LoggingEnabled> target(Bucket bucket) {
        return documents.find(bucket, BucketDocuments.Kind.LOGGING).map(GetBucketLoggingResponse::loggingEnabled);
    }

    void put(Bucket bucket, BucketLoggingStatus status) {
        LoggingEnabled wanted = status.loggingEnabled();
        if (wanted == null) {
            documents.remove(bucket, BucketDocuments.Kind.LOGGING);
            return;
        }
        List<Grant> grants = grants(wanted);
        AccessControl.check(grants);
        check(wanted.targetObjectKeyFormat());
        Bucket target = buckets.find(wanted.targetBucket())
                .orElseThrow(() -> new AwsError(
                        "InvalidTargetBucketForLogging",
                        400,
                        "The target bucket for logging does not exist",
                        Map.of("TargetBucket", wanted.targetBucket())));
        if (!target.owner().equals(bucket.owner())) {
            throw refused("The owner for the bucket to be logged and the target bucket must be the same.", target);
        }
        if (!target.region().equals(bucket.region())) {
            throw refused("The S3 logging location constraint of the target bucket must match.", target);
        }
        if (!grants.isEmpty() && !Ownership.hasLists(target)) {
            throw Errors.invalidArgument(
                    "The target bucket's objects have no access control lists, so that nothing can be granted by them",
                    "TargetGrants",
                    target.name());
        }
        documents.put(
                bucket,
                BucketDocuments.Kind.LOGGING,
                GetBucketLoggingResponse.builder().loggingEnabled(wanted).build());
    }

    /** What everybody named may do with the logs. */
    static List<Grant> grants(LoggingEnabled logging) {
        return logging.targetGrants().stream()
                .map(grant -> Grant.builder()
                        .grantee(grant.grantee())
                        .permission(grant.permissionAsString())
                        .build())
                .toList();
    }

    private static void check(TargetObjectKeyFormat format) {
        if (format != null && (format.simplePrefix() == null) == (format.partitionedPrefix() == null)) {
            throw Errors.malformedXml();
        }
    }

    private static AwsError refused(String message, Bucket target) {
        return new AwsError("InvalidTargetBucketForLogging", 400, message, Map.of("TargetBucket", target.name()));
    }
}
