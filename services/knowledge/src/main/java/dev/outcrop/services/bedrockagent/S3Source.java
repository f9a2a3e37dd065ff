package dev.outcrop.services.bedrockagent;

import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.S3DataSourceConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects of a bucket, read as the role of the knowledge base, with their {@code .metadata.json} files.
 *
 * <p>Source: Amazon Bedrock User Guide, "Connect to Amazon S3 for your knowledge base".
 */
final class S3Source implements Source {
    /** The largest file. */
    static final long LARGEST = 50L * 1024 * 1024;

    private static final String METADATA = ".metadata.json";

    private final BaseRole role;
    private final String bucket;
    private final Optional<String> owner;
    private final String prefix;

    private S3Source(BaseRole role, String bucket, Optional<String> owner, String prefix) {
        this.role = role;
        this.bucket = bucket;
        this.owner = owner;
        this.prefix = prefix;
    }

    static S3Source of(BaseRole role, S3DataSourceConfiguration configuration) {
        return new S3Source(
                role,
                configuration.bucketArn().substring(configuration.bucketArn().lastIndexOf(':') + 1),
                Optional.ofNullable(configuration.bucketOwnerAccountId()),
                configuration.inclusionPrefixes().isEmpty()
                        ? ""
                        : configuration.inclusionPrefixes().getFirst());
    }

    /** One bucket, for objects that requests name. */
    static S3Source of(BaseRole role, String bucket, Optional<String> owner) {
        return new S3Source(role, bucket, owner, "");
    }

    @Override
    public Found list() {
        List<S3Object> objects = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        String token = null;
        do {
            String next = token;
            ListObjectsV2Response page = call(s3 -> s3.listObjectsV2(request -> request.bucket(bucket)
                    .prefix(prefix)
                    .expectedBucketOwner(owner.orElse(null))
                    .continuationToken(next)));
            for (S3Object object : page.contents()) {
                if (object.key().endsWith(METADATA)) {
                    metadata.put(object.key(), object.eTag());
                } else if (!object.key().endsWith("/")) {
                    objects.add(object);
                }
            }
            token = page.nextContinuationToken();
        } while (token != null);
        List<FoundDocument> documents = objects.stream()
                .map(object -> document(
                        object.key(),
                        object.eTag(),
                        object.size(),
                        Optional.ofNullable(metadata.get(object.key() + METADATA))))
                .toList();
        return new Found(documents, metadata.size(), Map.of(), true);
    }

    /**
     * The object under {@code key}.
     *
     * @throws DocumentFailure if there is none
     */
    FoundDocument find(String key) {
        HeadObjectResponse head = head(key).orElseThrow(() -> DocumentFailure.failed("The file was not found"));
        Optional<String> metadata = head(key + METADATA).map(HeadObjectResponse::eTag);
        return document(key, head.eTag(), head.contentLength(), metadata);
    }

    private Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(role.call(
                    S3Client.class,
                    s3 -> s3.headObject(
                            request -> request.bucket(bucket).key(key).expectedBucketOwner(owner.orElse(null)))));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (AwsServiceException | AwsError failure) {
            if (failure instanceof AwsServiceException error && error.statusCode() == 404) {
                return Optional.empty();
            }
            throw failed(failure);
        }
    }

    private FoundDocument document(String key, String version, long size, Optional<String> metadata) {
        return new FoundDocument(
                "s3://" + bucket + "/" + key,
                false,
                key.substring(key.lastIndexOf('/') + 1),
                "",
                version,
                metadata.orElse(""),
                () -> content(key, size),
                () -> metadata.isEmpty()
                        ? Attributes.NONE
                        : Attributes.read(bytes(key + METADATA, Attributes.LARGEST_FILE + 1)));
    }

    private byte[] content(String key, long size) {
        if (size > LARGEST) {
            throw DocumentFailure.ignored("Ignored 1 files as their file size was larger than the limit of 50 MB");
        }
        return bytes(key, LARGEST);
    }

    /** An object's first bytes. */
    byte[] bytes(String key, long most) {
        return call(s3 -> s3.getObject(
                request -> request.bucket(bucket).key(key).expectedBucketOwner(owner.orElse(null)),
                (_, stream) -> stream.readNBytes((int) most)));
    }

    private <R> R call(Function<S3Client, R> call) {
        try {
            return role.call(S3Client.class, call);
        } catch (NoSuchKeyException gone) {
            throw DocumentFailure.failed("The file was not found.");
        } catch (AwsServiceException | AwsError failure) {
            throw failed(failure);
        }
    }

    private static RuntimeException failed(RuntimeException failure) {
        return new SourceFailure(
                "Encountered error: " + Errors.told(failure) + ". Call to Customer Source did not succeed.");
    }
}
