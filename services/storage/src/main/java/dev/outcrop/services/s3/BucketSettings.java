package dev.outcrop.services.s3;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.BucketMissingException;
import dev.outcrop.storage.buckets.Buckets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** What is set for buckets: documents that are kept with them by their names. */
final class BucketSettings {
    private final Buckets buckets;

    BucketSettings(Buckets buckets) {
        this.buckets = buckets;
    }

    /** The shape that is set under {@code name}, if one is. */
    static <B extends SdkBuilder<B, T>, T extends SdkPojo> Optional<T> read(
            Bucket bucket, String name, Supplier<B> newBuilder) {
        return Optional.ofNullable(bucket.settings().get(name)).map(document -> read(document, newBuilder));
    }

    /** What {@link #text} made a text of. */
    static <B extends SdkBuilder<B, T>, T extends SdkPojo> T read(String document, Supplier<B> newBuilder) {
        return StoredShapes.read(document.getBytes(StandardCharsets.UTF_8), newBuilder);
    }

    /** A shape as it is kept. */
    static String text(SdkPojo shape) {
        return new String(StoredShapes.write(shape), StandardCharsets.UTF_8);
    }

    void put(Bucket bucket, String name, String document) {
        change(bucket, name, Optional.of(document));
    }

    void remove(Bucket bucket, String name) {
        change(bucket, name, Optional.empty());
    }

    private void change(Bucket bucket, String name, Optional<String> document) {
        try {
            buckets.update(bucket.name(), present -> {
                Map<String, String> settings = new LinkedHashMap<>(present.settings());
                settings.remove(name);
                document.ifPresent(text -> settings.put(name, text));
                return present.withSettings(settings);
            });
        } catch (BucketMissingException gone) {
            throw Errors.noSuchBucket(bucket.name());
        }
    }
}
