package dev.outcrop.services.s3;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.buckets.Bucket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The configurations that a bucket has one of each of, kept in its record as the shapes that reading them gives. */
final class BucketDocuments {
    /** Some calls of an object read one; the text of one is read once as long as this many others are not. */
    private static final int MOST_REMEMBERED = 1000;

    private final BucketSettings settings;
    private final ConcurrentMap<String, Object> remembered = new ConcurrentHashMap<>();

    BucketDocuments(BucketSettings settings) {
        this.settings = settings;
    }

    /**
     * One of the configurations.
     *
     * @param name under which it stands in the record
     */
    record Kind<T extends SdkPojo>(String name, Class<T> type, Function<byte[], T> reader) {
        static final Kind<GetBucketAccelerateConfigurationResponse> ACCELERATE = kind(
                "accelerate",
                GetBucketAccelerateConfigurationResponse.class,
                GetBucketAccelerateConfigurationResponse::builder);
        static final Kind<GetBucketLifecycleConfigurationResponse> LIFECYCLE = kind(
                "lifecycle",
                GetBucketLifecycleConfigurationResponse.class,
                GetBucketLifecycleConfigurationResponse::builder);
        static final Kind<GetBucketLoggingResponse> LOGGING =
                kind("logging", GetBucketLoggingResponse.class, GetBucketLoggingResponse::builder);
        static final Kind<GetBucketNotificationConfigurationResponse> NOTIFICATION = kind(
                "notification",
                GetBucketNotificationConfigurationResponse.class,
                GetBucketNotificationConfigurationResponse::builder);
        static final Kind<GetObjectLockConfigurationResponse> OBJECT_LOCK = kind(
                "object-lock", GetObjectLockConfigurationResponse.class, GetObjectLockConfigurationResponse::builder);
        static final Kind<GetBucketReplicationResponse> REPLICATION =
                kind("replication", GetBucketReplicationResponse.class, GetBucketReplicationResponse::builder);
        static final Kind<GetBucketWebsiteResponse> WEBSITE =
                kind("website", GetBucketWebsiteResponse.class, GetBucketWebsiteResponse::builder);

        private static <B extends SdkBuilder<B, T>, T extends SdkPojo> Kind<T> kind(
                String name, Class<T> type, Supplier<B> newBuilder) {
            return new Kind<>(name, type, json -> StoredShapes.read(json, newBuilder));
        }
    }

    <T extends SdkPojo> Optional<T> find(Bucket bucket, Kind<T> kind) {
        String text = bucket.settings().get(kind.name());
        if (text == null) {
            return Optional.empty();
        }
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.clear();
        }
        Object document = remembered.computeIfAbsent(
                kind.name() + ' ' + text, _ -> kind.reader().apply(text.getBytes(StandardCharsets.UTF_8)));
        return Optional.of(kind.type().cast(document));
    }

    /** Keeps a configuration in the place of the one before. */
    <T extends SdkPojo> void put(Bucket bucket, Kind<T> kind, T document) {
        settings.put(bucket, kind.name(), BucketSettings.text(document));
    }

    void remove(Bucket bucket, Kind<?> kind) {
        if (bucket.settings().containsKey(kind.name())) {
            settings.remove(bucket, kind.name());
        }
    }
}
