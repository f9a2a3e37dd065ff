package dev.outcrop.services.invocationlogs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.model.CloudWatchConfig;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationLoggingConfigurationResponse;
import software.amazon.awssdk.services.bedrock.model.LoggingConfig;
import software.amazon.awssdk.services.bedrock.model.S3Config;
import software.amazon.awssdk.services.bedrock.model.ValidationException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.s3.S3Client;

/** Where accounts want their invocations logged, one configuration an account and Region. */
public final class LoggingSettings {
    /** The log stream that records go to. */
    static final String STREAM = "aws/bedrock/modelinvocations";

    private static final String TYPE = "bedrock:invocation-logging";
    private static final String ID = "configuration";

    private final Resources<GetModelInvocationLoggingConfigurationResponse> resources;
    private final Records records;
    private final Supplier<Clients> clients;
    private final ConcurrentMap<RecordKey, Optional<LoggingConfig>> remembered = new ConcurrentHashMap<>();

    LoggingSettings(ResourceStore store, Records records, Supplier<Clients> clients) {
        resources = store.resources(TYPE, GetModelInvocationLoggingConfigurationResponse::builder);
        this.records = records;
        this.clients = clients;
        records.watch(TYPE, remembered::remove, remembered::clear);
    }

    /**
     * Logs from now on as {@code configuration} says.
     *
     * @throws ValidationException if it names no destination, or one that cannot be written to
     */
    void put(LoggingConfig configuration) {
        CloudWatchConfig cloudWatch = configuration.cloudWatchConfig();
        if (cloudWatch == null && configuration.s3Config() == null) {
            throw invalid("The loggingConfig field must hold a cloudWatchConfig or an s3Config field.");
        }
        if (configuration.s3Config() != null) {
            checkBucket(configuration.s3Config());
        }
        if (cloudWatch != null) {
            checkGroup(cloudWatch);
            if (cloudWatch.largeDataDeliveryS3Config() != null) {
                checkBucket(cloudWatch.largeDataDeliveryS3Config());
            }
        }
        resources.put(
                ID,
                GetModelInvocationLoggingConfigurationResponse.builder()
                        .loggingConfig(configuration)
                        .build());
    }

    /** What the account of the call has configured; without a configuration where it has none. */
    GetModelInvocationLoggingConfigurationResponse get() {
        return resources
                .find(ID)
                .orElseGet(() ->
                        GetModelInvocationLoggingConfigurationResponse.builder().build());
    }

    /** Logs no more. */
    void delete() {
        resources.delete(ID);
    }

    /** The configuration of an account, from memory as far as it is known. */
    Optional<LoggingConfig> of(String account, String region) {
        RecordKey key = new RecordKey(TYPE, account, region, ID);
        return remembered.computeIfAbsent(
                key,
                _ -> records.get(key)
                        .map(record -> StoredShapes.read(
                                        record.body(), GetModelInvocationLoggingConfigurationResponse::builder)
                                .loggingConfig()));
    }

    private void checkBucket(S3Config destination) {
        CallContext call = CallContext.current();
        try {
            OwnCalls.call(
                    call.account(),
                    call.region(),
                    () -> clients.get()
                            .of(S3Client.class)
                            .putObject(
                                    request -> request.bucket(destination.bucketName())
                                            .key(folder(destination, call.account())
                                                    + "amazon-bedrock-logs-permission-check")
                                            .expectedBucketOwner(call.account()),
                                    RequestBody.empty()));
        } catch (AwsServiceException refusal) {
            throw invalid("Failed to validate permissions for S3 bucket: " + destination.bucketName()
                    + ". Verify that the bucket exists in this account and Region and that its policy allows Amazon"
                    + " Bedrock to put objects.");
        }
    }

    private void checkGroup(CloudWatchConfig destination) {
        CallContext call = CallContext.current();
        if (!destination.roleArn().split(":", 6)[4].equals(call.account())) {
            throw new AwsError("AccessDeniedException", 403, "Cross-account pass role is not allowed.");
        }
        try {
            OwnCalls.call(call.account(), call.region(), () -> {
                CloudWatchLogsClient logs =
                        clients.get().as(destination.roleArn()).of(CloudWatchLogsClient.class);
                makeStream(logs, destination.logGroupName());
                logs.putLogEvents(request -> request.logGroupName(destination.logGroupName())
                        .logStreamName(STREAM)
                        .logEvents(List.of(InputLogEvent.builder()
                                .timestamp(System.currentTimeMillis())
                                .message("Permissions are set correctly for Amazon Bedrock logs.")
                                .build())));
                return null;
            });
        } catch (AwsServiceException | AwsError refusal) {
            throw invalid("Failed to validate permissions for log group: " + destination.logGroupName()
                    + ", with role: " + destination.roleArn() + ". Verify the IAM role permissions are correct.");
        }
    }

    /** Makes the stream that records go to, if it is not there. */
    static void makeStream(CloudWatchLogsClient logs, String group) {
        try {
            logs.createLogStream(request -> request.logGroupName(group).logStreamName(STREAM));
        } catch (ResourceAlreadyExistsException present) {
            // It is what is needed.
            return;
        }
    }

    /** What stands before all keys of an account's logs. */
    static String folder(S3Config destination, String account) {
        String prefix = destination.keyPrefix() == null ? "" : destination.keyPrefix();
        String separated = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        return separated + "AWSLogs/" + account + "/BedrockModelInvocationLogs/";
    }

    private static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }
}
