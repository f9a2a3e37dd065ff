package dev.outcrop.storage.buckets;

import java.time.Instant;
import java.util.Map;

/**
 * A bucket.
 *
 * @param owner    the account
 * @param settings documents that the service keeps with it, by their names
 */
public record Bucket(
        String name,
        String owner,
        String region,
        Instant createdAt,
        Versioning versioning,
        Map<String, String> tags,
        Map<String, String> settings) {
    public Bucket {
        tags = Map.copyOf(tags);
        settings = Map.copyOf(settings);
    }

    public Bucket withVersioning(Versioning changed) {
        return new Bucket(name, owner, region, createdAt, changed, tags, settings);
    }

    public Bucket withTags(Map<String, String> changed) {
        return new Bucket(name, owner, region, createdAt, versioning, changed, settings);
    }

    public Bucket withSettings(Map<String, String> changed) {
        return new Bucket(name, owner, region, createdAt, versioning, tags, changed);
    }
}
