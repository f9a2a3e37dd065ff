package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.net.HttpURLConnection;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

/**
 * The bucket that a log group is copied into, in the name of CloudWatch Logs, whom its policy must let in.
 *
 * <p>Source: "Export log data to Amazon S3" of the Amazon CloudWatch Logs user guide.
 */
final class ExportBucket {
    private static final String TRIAL = "/aws-logs-write-test";

    private final Supplier<Clients> clients;

    ExportBucket(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /**
     * Makes sure that the caller may write into the bucket, and CloudWatch Logs, too, by doing so.
     *
     * @throws software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException if CloudWatch Logs may not
     */
    void check(StoredGroup group, String bucket, String prefix) {
        CallContext.current().require("s3:PutObject", "arn:aws:s3:::" + bucket + "/" + prefix + TRIAL);
        OwnCalls.call(group, () -> {
            try {
                s3().getBucketAcl(request -> request.bucket(bucket));
            } catch (AwsServiceException refusal) {
                throw LogFailures.invalid(
                        refusal.statusCode() == HttpURLConnection.HTTP_NOT_FOUND
                                ? "The given bucket does not exist. Please provide a valid bucket."
                                : failed("GetBucketAcl"));
            }
            try {
                put(bucket, prefix + TRIAL, "Permission Check Successful".getBytes(UTF_8));
            } catch (AwsServiceException refusal) {
                throw LogFailures.invalid(failed("PutObject"));
            }
            return null;
        });
    }

    private static String failed(String operation) {
        return operation
                + " call on the given bucket failed. Please check if CloudWatch Logs has been granted permission"
                + " to perform this operation.";
    }

    private S3Client s3() {
        return clients.get().of(S3Client.class);
    }

    /** Writes a file, in the name of CloudWatch Logs already. */
    void put(String bucket, String key, byte[] content) {
        s3().putObject(
                        request -> request.bucket(bucket).key(key).acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL),
                        RequestBody.fromBytes(content));
    }
}
