package dev.outcrop.services.comprehend.documents;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Buckets as a role reaches them. Calls say for which resource they are made ({@code aws:SourceArn}), so that the role's
 * trust policy can tell. What the role may not do, or is not there, is an {@link AwsError} in Comprehend's words.
 *
 * <p>Source: Amazon Comprehend developer guide, "Role-based permissions required for asynchronous operations" and
 * "Cross-service confused deputy prevention".
 */
public final class RoleBuckets {
    private final Supplier<Clients> clients;
    private final String roleArn;
    private final String sourceArn;

    /** @param sourceArn of the job or model that they are reached for */
    public RoleBuckets(Supplier<Clients> clients, String roleArn, String sourceArn) {
        this.clients = clients;
        this.roleArn = roleArn;
        this.sourceArn = sourceArn;
    }

    /** The object of a place, or all whose keys begin with it, by their keys. */
    public List<S3Object> objects(S3Place place) {
        List<S3Object> found =
                reading(s3 -> s3
                        .listObjectsV2Paginator(
                                request -> request.bucket(place.bucket()).prefix(place.key()))
                        .contents()
                        .stream()
                        .filter(object -> !object.key().endsWith("/"))
                        .sorted(Comparator.comparing(S3Object::key))
                        .toList());
        Optional<S3Object> exact = found.stream()
                .filter(object -> object.key().equals(place.key()))
                .findFirst();
        if (found.isEmpty()) {
            throw AwsError.validation(
                    "INPUT_BUCKET_NOT_FOUND: No objects were found at " + place.uri() + ". Check the S3Uri.");
        }
        return exact.map(List::of).orElse(found);
    }

    /** The content of an object; to be closed. */
    public InputStream open(String bucket, String key) {
        return reading(s3 -> s3.getObject(request -> request.bucket(bucket).key(key)));
    }

    /** The content of an object that may have so many bytes. */
    public byte[] read(String bucket, String key, int most) throws IOException {
        try (InputStream content = open(bucket, key)) {
            byte[] bytes = content.readNBytes(most + 1);
            if (bytes.length > most) {
                throw AwsError.validation(
                        "The object s3://" + bucket + "/" + key + " is larger than " + most + " bytes.");
            }
            return bytes;
        }
    }

    /** Writes an object, under a key of KMS if one is given. */
    public void put(S3Place place, Optional<String> kmsKey, RequestBody content) {
        calling(
                "NO_WRITE_ACCESS_TO_OUTPUT: The provided data access role does not have proper access to the output"
                        + " data.",
                s3 -> s3.putObject(
                        request -> request.bucket(place.bucket())
                                .key(place.key())
                                .serverSideEncryption(kmsKey.isPresent() ? ServerSideEncryption.AWS_KMS : null)
                                .ssekmsKeyId(kmsKey.orElse(null)),
                        content));
    }

    /**
     * Copies the object of a place, or all whose keys begin with it, below another place, under a key of KMS if one is
     * given.
     *
     * @return where they are
     */
    public S3Place copy(S3Place from, S3Place to, Optional<String> kmsKey) {
        List<S3Object> objects = objects(from);
        int folder = from.key().lastIndexOf('/') + 1;
        for (S3Object object : objects) {
            S3Place target = to.below(object.key().substring(folder));
            put(target, kmsKey, RequestBody.fromInputStream(open(from.bucket(), object.key()), object.size()));
        }
        return to.below("");
    }

    private <R> R reading(Function<S3Client, R> call) {
        return calling(
                "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input"
                        + " data.",
                call);
    }

    private <R> R calling(String refused, Function<S3Client, R> call) {
        try {
            return as(S3Client.class, call);
        } catch (AwsServiceException failure) {
            if (failure.statusCode() / 100 == 4) {
                throw AwsError.validation(
                        refused + " (" + failure.awsErrorDetails().errorMessage() + ")");
            }
            throw failure;
        } catch (AwsError failure) {
            throw AwsError.validation(refused + " (" + failure.getMessage() + ")");
        }
    }

    /** What a client's call gives the role. */
    public <C extends software.amazon.awssdk.core.SdkClient, R> R as(Class<C> client, Function<C, R> call) {
        CallContext caller = CallContext.current();
        return caller.toBuilder()
                .callingService(Optional.of("comprehend"))
                .sourceArn(Optional.of(sourceArn))
                .build()
                .call(() -> call.apply(clients.get().as(roleArn).of(client)));
    }
}
