package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.NamedDocuments;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Configurations that a bucket has many of, each under an id of the caller's choice.
 *
 * <p>Source: "PutBucketMetricsConfiguration" and its likes, Amazon S3 API reference.
 */
final class BucketConfigurationLists<T extends SdkPojo> {
    private static final int PAGE = 100;

    private final NamedDocuments documents;
    private final String kind;
    private final int most;
    private final Function<byte[], T> reader;

    private BucketConfigurationLists(NamedDocuments documents, String kind, int most, Function<byte[], T> reader) {
        this.documents = documents;
        this.kind = kind;
        this.most = most;
        this.reader = reader;
    }

    /**
     * One kind.
     *
     * @param most how many of it a bucket may have
     */
    static <B extends SdkBuilder<B, T>, T extends SdkPojo> BucketConfigurationLists<T> of(
            NamedDocuments documents, String kind, int most, Supplier<B> newBuilder) {
        return new BucketConfigurationLists<>(documents, kind, most, json -> StoredShapes.read(json, newBuilder));
    }

    /**
     * A page.
     *
     * @param next the token of the page behind it; null for none
     */
    record Page<T>(List<T> configurations, String next) {
        boolean isTruncated() {
            return next != null;
        }
    }

    T get(Bucket bucket, String id) {
        return documents.find(bucket.name(), kind, id).map(reader).orElseThrow(BucketConfigurationLists::none);
    }

    /** All of a bucket's. */
    List<T> all(Bucket bucket) {
        return documents.list(bucket.name(), kind, "", most).stream()
                .map(document -> reader.apply(document.body()))
                .toList();
    }

    private static AwsError none() {
        return new AwsError("NoSuchConfiguration", 404, "The specified configuration does not exist.");
    }

    /**
     * Adds or replaces one.
     *
     * @param inside the id that stands in the configuration
     */
    void put(Bucket bucket, String id, String inside, T configuration) {
        if (!id.equals(inside)) {
            throw Errors.invalidArgument("The ID in the request and in the configuration differ", "Id", inside);
        }
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw Errors.invalidArgument("Invalid configuration ID", "Id", id);
        }
        if (!documents.put(bucket.name(), kind, id, StoredShapes.write(configuration), most)) {
            throw new AwsError(
                    "TooManyConfigurations",
                    400,
                    "You are attempting to create a new configuration but have already reached the " + most
                            + "-configuration limit.");
        }
    }

    void delete(Bucket bucket, String id) {
        if (!documents.delete(bucket.name(), kind, id)) {
            throw none();
        }
    }

    Page<T> list(Bucket bucket, String token) {
        List<NamedDocuments.Document> found =
                documents.list(bucket.name(), kind, token == null ? "" : place(token), PAGE + 1);
        List<NamedDocuments.Document> page = found.subList(0, Math.min(PAGE, found.size()));
        return new Page<>(
                page.stream().map(document -> reader.apply(document.body())).toList(),
                found.size() > PAGE
                        ? Base64.getUrlEncoder()
                                .encodeToString(page.getLast().id().getBytes(StandardCharsets.UTF_8))
                        : null);
    }

    private static String place(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException foreign) {
            throw Errors.invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}
